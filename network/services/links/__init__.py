"""Links as two ends: planned, changed far end first, proved from fresh sessions, kept or given back together."""
