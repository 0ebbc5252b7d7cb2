"""What a lab's cloud needs beside the unmodified services: this package is imported by their Python, never by ours."""
