need tc ip
force=
attach 0 up1 ''
say done
