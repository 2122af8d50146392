"""Lets `python -m roadworthy` do what the command `roadworthy` does."""

import sys

from roadworthy.cli import main

if __name__ == "__main__":
    sys.exit(main())
