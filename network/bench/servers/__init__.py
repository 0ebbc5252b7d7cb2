"""Rows of leased servers: machines of the lab, and simulated ones in numbers that a lab does not hold."""
