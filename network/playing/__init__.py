"""What plays ask for, in plain values: the engineer's door stands on the command's own session and shows what it shows."""
