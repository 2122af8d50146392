"""Abstract evaluation: what names stand for, and what calls come to."""
