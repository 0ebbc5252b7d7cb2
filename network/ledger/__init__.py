"""The durable record of what was planned, done and claimed."""
