"""How this toolkit comes onto a server: one archive with everything but Python itself."""
