"""Concurrency: the one place that starts threads for devices."""
