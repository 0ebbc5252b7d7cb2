"""What is shown of servers that come for a peak and go when it ends."""
