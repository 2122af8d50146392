"""Section 7: testing."""
