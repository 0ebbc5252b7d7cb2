"""One file a change of the tables. Never edited once released, and never imports what may change after it."""
