"""`roadworthy new`: a production service that starts at once."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from roadworthy.cli import console


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's arguments."""
    parser.add_argument(
        "name",
        metavar="NAME",
        help="its name, and that of the folder to make: my-service",
    )
    parser.add_argument(
        "--database",
        choices=("postgres", "mysql", "sqlite"),
        default="sqlite",
        help="what it connects to unless told otherwise, and the driver to install "
        "(default: sqlite, with which nothing else has to run)",
    )
    parser.add_argument(
        "--path",
        metavar="PATH",
        default=".",
        help="folder to make it in (default: this folder)",
    )


def run(options: argparse.Namespace) -> int:
    """Make the service, say how to start it, and return the exit status."""
    from roadworthy.cli import OK
    from roadworthy.scaffold.errors import ScaffoldError
    from roadworthy.scaffold.project import create

    try:
        folder = create(options.name, Path(options.path), options.database)
    except ScaffoldError as error:
        return console.fail(error)
    lines = [f"{folder} is there. Next:", "", f"  cd {folder}"]
    lines += ["  python3 dev.py run    start it: http://127.0.0.1:8000/docs"]
    lines += ["  python3 dev.py test   run its tests"]
    if options.database != "sqlite":
        lines += ["", "It connects to DATABASE_URL: set that in .env first."]
    sys.stdout.write("\n".join(lines) + "\n")
    return OK
