need tc ip
force=
attach 0 ifb1 'up1'
say done
