"""Section 6: security and error handling."""
