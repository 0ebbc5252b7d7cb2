need tc ip
force=
point 0 up1 12 ''
say done
