"""Builder: servers and clouds. Imports the truth only."""
