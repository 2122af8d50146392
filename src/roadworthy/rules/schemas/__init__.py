"""Section 2: Pydantic and data validation."""
