"""Forms of a report: for people at a terminal and for programs."""
