need tc ip flock
alone
bump
force=
attach 0 up1 ''
say done "$turn"
