"""Releases of workloads, pure: what may be deployed, to whom first, when it is good, and what a cut run is at."""
