need tc ip flock
alone
bump
force=
attach 0 ifb1 'up1'
say done "$turn"
