"""Flags that several verbs have: where a service is, and what is kept of other runs."""

from __future__ import annotations

import argparse
import dataclasses
import shutil
from pathlib import Path

from roadworthy.project.config import Settings


def add_path(parser: argparse._ActionsContainer, purpose: str) -> None:
    """Declare the path that a verb works on."""
    parser.add_argument(
        "path",
        metavar="PATH",
        nargs="?",
        default=".",
        help=f"{purpose} (default: this folder)",
    )


def add_place(parser: argparse._ActionsContainer) -> None:
    """Declare which files of a service are looked at, and in which environment."""
    parser.add_argument(
        "--exclude",
        metavar="PATTERN",
        action="append",
        help="leave out files and folders, as in .gitignore; repeatable",
    )
    parser.add_argument(
        "--python",
        metavar="PATH",
        help="the service's interpreter or virtual environment",
    )


def add_cache(parser: argparse._ActionsContainer) -> None:
    """Declare whether other runs are made use of."""
    parser.add_argument(
        "--no-cache",
        action="store_true",
        help="neither read nor keep anything of other runs",
    )


def with_place(settings: Settings, options: argparse.Namespace) -> Settings:
    """Return the settings with these flags laid over them; `--exclude` adds."""
    python = settings.python
    if options.python:
        python = Path(options.python)
        if not python.exists() and python.name == options.python:
            # A name such as `python3.12`, as a shell finds it.
            python = Path(shutil.which(options.python) or options.python)
    return dataclasses.replace(
        settings,
        exclude=(*settings.exclude, *(options.exclude or ())),
        python=python,
        use_cache=settings.use_cache and not getattr(options, "no_cache", False),
    )
