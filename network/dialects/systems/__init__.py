"""How each platform is told to ask a system from its office's LAN, and what its answers mean. Pure."""
