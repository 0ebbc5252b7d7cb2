need tc ip flock
alone
bump
force=
say done "$turn"
