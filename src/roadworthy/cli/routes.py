"""`roadworthy routes`: the map of a service."""

from __future__ import annotations

import argparse
import dataclasses
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from roadworthy.cli import console, flags
from roadworthy.project.config import Settings, load_settings
from roadworthy.project.discovery import discover, require
from roadworthy.project.errors import ProjectError

if TYPE_CHECKING:
    from roadworthy.findings import Unread
    from roadworthy.route_map import MappedRoute


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's arguments."""
    flags.add_path(parser, "folder of the service")
    parser.add_argument(
        "--format",
        choices=("terminal", "json", "markdown"),
        default="terminal",
        help="for people, for programs, or a table for a document (default: terminal)",
    )
    flags.add_place(parser)


def run(options: argparse.Namespace) -> int:
    """Print the routes of a service, and return the exit status."""
    from roadworthy.cli import OK
    from roadworthy.output import routes as output

    root = Path(options.path)
    try:
        require(root)
        settings = flags.with_place(load_settings(root), options)
        found, has_application, unread, notes = _map(settings)
    except ProjectError as error:
        return console.fail(error)
    if options.format == "json":
        sys.stdout.write(output.to_json(found, unread, notes) + "\n")
        return OK
    if options.format == "markdown":
        lines = output.to_markdown(found)
    else:
        watched = sys.stdout.isatty()
        columns = shutil.get_terminal_size((100, 24)).columns if watched else None
        nothing = (
            "No routes found."
            if has_application
            else f"No FastAPI application found in {root}."
        )
        lines = output.to_terminal(found, columns, console.has_colour(), nothing)
    for line in lines:
        sys.stdout.write(line + "\n")
    for file in unread:
        sys.stderr.write(
            f"roadworthy: not read: {file.path}:{file.line}: {file.message}\n"
        )
    for note in notes:
        console.note(note)
    return OK


def _map(
    settings: Settings,
) -> tuple[tuple[MappedRoute, ...], bool, tuple[Unread, ...], tuple[str, ...]]:
    from roadworthy.analysis import load
    from roadworthy.output.progress import Progress
    from roadworthy.project.environment import find_environment
    from roadworthy.route_map import route_map

    found = discover(settings.root, settings.exclude, settings.base)
    environment, note = find_environment(found.root, settings.python)
    # Which rules are wanted is a matter of `check`: here all that blocks is told.
    everything = dataclasses.replace(settings, select=(), ignore=())
    with Progress() as progress:
        (routes, has_application), unread, notes = load(
            found,
            everything,
            environment,
            progress,
            lambda review: (route_map(review), bool(review.application.routers)),
        )
    return routes, has_application, unread, (note, *notes) if note else notes
