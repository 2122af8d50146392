"""Section 5: dependency injection."""
