"""Fixes of what blocks the event loop: RW301 to RW308, and RW104."""
