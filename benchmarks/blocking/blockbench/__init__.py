"""Measures finders of blocking calls against each other and against adjudicated truth."""
