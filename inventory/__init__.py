"""The truth: what people decided about a regency. Imports nothing of ours."""
