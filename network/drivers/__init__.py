"""Hands that log in to devices, and the twin in memory."""
