need tc ip
force=
detach 0 up1 ''
say done
