need tc ip flock
alone
bump
force=
detach 0 up1 ''
say done "$turn"
