"""Lets `python -m roadworthy` do what the command `roadworthy` does."""

from roadworthy.cli import command

if __name__ == "__main__":
    command()
