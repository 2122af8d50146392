"""Fixes that change a whole chain of functions, over all modules, at once."""
