"""Brain and hands. Import the module you need; nothing is re-exported here."""
