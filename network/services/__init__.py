"""In which sequence things happen, through ports only."""
