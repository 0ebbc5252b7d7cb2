"""The ways to a machine: SSH, and the management controller that some lessors give."""
