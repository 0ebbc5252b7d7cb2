need tc ip flock
alone
bump
force=
point 0 up1 12 ''
say done "$turn"
