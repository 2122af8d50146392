"""`roadworthy add resource`: one more resource in a service of the template's layout."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from roadworthy.cli import console

if TYPE_CHECKING:
    from roadworthy.scaffold.plan import Change
    from roadworthy.scaffold.resource import Resource

_FIELDS = """\
a field is NAME:TYPE[:MODIFIER...][=DEFAULT]

  types       str, str(100), text, int, float, decimal, decimal(8,3), bool, date,
              datetime, uuid, json, "enum(draft,public)", or the name of another resource
  modifiers   optional, unique, index

  roadworthy add resource article title:str:unique body:text published:bool=false \\
      author:user "state:enum(draft,public)=draft"
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's arguments."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = _FIELDS
    parser.add_argument("what", metavar="resource", choices=("resource",))
    parser.add_argument(
        "name", metavar="NAME", help="its name, in the singular: article, blog_post"
    )
    parser.add_argument(
        "fields", metavar="FIELD", nargs="+", help="see below: title:str:unique"
    )
    parser.add_argument(
        "--shared",
        action="store_true",
        help="rows belong to nobody: every user reads, administrators write "
        "(default: each row belongs to the user who creates it)",
    )
    parser.add_argument(
        "--plural", metavar="NAME", help="where English grammar gets the plural wrong"
    )
    parser.add_argument(
        "--path",
        metavar="PATH",
        default=".",
        help="folder of the service (default: this folder)",
    )
    parser.add_argument(
        "--diff", action="store_true", help="show what would change, and change nothing"
    )


def run(options: argparse.Namespace) -> int:
    """Add the resource, say what was written, and return the exit status."""
    from roadworthy.cli import OK
    from roadworthy.scaffold.errors import ScaffoldError
    from roadworthy.scaffold.layout import read_layout
    from roadworthy.scaffold.plan import apply, changes
    from roadworthy.scaffold.render.source import style_of
    from roadworthy.scaffold.resource import parse_resource

    root = Path(options.path)
    try:
        layout = read_layout(root)
        resource = parse_resource(
            options.name,
            options.fields,
            layout=layout,
            owned=not options.shared,
            plural=options.plural,
        )
        found = changes(resource, layout, style_of(root))
        if not options.diff:
            apply(found, root)
    except ScaffoldError as error:
        return console.fail(error)
    for line in _diff(found) if options.diff else _report(found, resource):
        sys.stdout.write(line + "\n")
    return OK


def _report(found: tuple[Change, ...], resource: Resource) -> list[str]:
    name = resource.names.singular
    if not found:
        return [f"`{name}` is there already, just so: nothing to do"]
    lines = [
        f"{'wrote' if change.before is None else 'edited'} {change.path}"
        for change in found
    ]
    return [*lines, "", "Next: python3 dev.py migrate, python3 dev.py test"]


def _diff(found: tuple[Change, ...]) -> list[str]:
    import difflib

    lines: list[str] = []
    for change in found:
        before = (change.before or b"").decode().splitlines()
        name = "/dev/null" if change.before is None else f"a/{change.path}"
        lines += difflib.unified_diff(
            before,
            change.after.decode().splitlines(),
            name,
            f"b/{change.path}",
            lineterm="",
        )
    return lines
