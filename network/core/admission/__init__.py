"""Whether what is asked for fits beside all else, over all its time; and what would fit instead. `admit` is the way in."""
