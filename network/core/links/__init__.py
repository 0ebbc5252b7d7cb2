"""A link as two ends: what each is to hold, what differs, what is seen of it, and what a platform can promise. Pure."""
