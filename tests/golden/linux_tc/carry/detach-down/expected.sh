need tc ip
force=
detach 0 ifb1 'up1'
say done
