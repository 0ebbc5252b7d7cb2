"""Whether a regency survives the death of its controller at any command, over a wire that loses, delays and repeats."""
