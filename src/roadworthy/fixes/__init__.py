"""Edits to source: what the rules' fixes give, laid into files."""
