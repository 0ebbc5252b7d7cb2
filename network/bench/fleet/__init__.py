"""Five hundred emulated devices at a distance, some of them dead: how long a fleet takes, and what it costs the controller."""
