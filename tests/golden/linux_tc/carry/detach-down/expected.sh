need tc ip flock
alone
bump
force=
detach 0 ifb1 'up1'
say done "$turn"
