need tc ip
force=
say done
