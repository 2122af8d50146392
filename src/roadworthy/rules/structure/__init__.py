"""Section 4: structure."""
