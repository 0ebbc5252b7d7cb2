need tc ip flock
alone
bump
force=
remove 0 up1 1:1003
remove 1 up1 1:2003
say done "$turn"
