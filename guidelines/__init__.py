"""The library: what a guideline is, where it is kept, how it is found."""
