"""Measures the generated service: load, faults and contract."""
