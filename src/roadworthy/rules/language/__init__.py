"""Section 1: modern Python, async by default."""
