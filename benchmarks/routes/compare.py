"""Compares the map of routes with the running application's own.

    python benchmarks/routes/compare.py PATH:MODULE:APP[:PYTHON] ...

PATH is the folder that the service is started from, MODULE:APP the application in it
(or an expression that makes it: `create_app()`), PYTHON the interpreter with the
service's dependencies. The service is imported (by that interpreter, in a process of its
own) and asked for its routes and its OpenAPI document; `roadworthy routes` reads its
code. Method and full path must agree.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import contents

Served = frozenset[tuple[str, str]]
"""Method (`WEBSOCKET` for one) and full path of each route."""

Mapped = dict[tuple[str, str], list[contents.Contents]]
"""What the map tells of each route of an application."""

PROBE = (Path(__file__).parent / "probe.py").read_text(encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Target:
    """A service: where it is, which application it serves, what runs it."""

    path: Path
    program: str
    """Python that leaves the application in `application`."""
    python: str
    absent: tuple[str, ...] = ()
    """Packages that the routes do without: an empty thing stands in for each."""
    environ: dict[str, str] = field(default_factory=dict)


def application_of(module: str, expression: str) -> str:
    """Return the program that imports a module and takes an application from it."""
    return (
        "import importlib\n"
        f"module = importlib.import_module({module!r})\n"
        f"application = eval({expression!r}, vars(module))\n"
    )


@dataclass(frozen=True, slots=True)
class Comparison:
    """Routes of the running application and of the map."""

    running: Served
    documented: Served
    mapped: Served
    differences: tuple[contents.Difference, ...] = ()
    """Columns of routes that are in both in which they differ."""
    documented_by: dict[str, int] = field(default_factory=dict)
    """For how many of these routes the document tells each column."""

    @property
    def missing(self) -> Served:
        """Routes that are served and not on the map.

        A document that describes a mounted application leaves the mount's path out.
        """
        alone = {
            (method, path)
            for method, path in self.documented - self.running
            if not any(m == method and p.endswith(path) for m, p in self.running)
        }
        return (self.running | alone) - self.mapped

    @property
    def extra(self) -> Served:
        """Routes on the map that nobody serves."""
        return self.mapped - self.running


class ServiceError(RuntimeError):
    """A service that cannot be imported, or whose map cannot be made."""


@dataclass(frozen=True, slots=True)
class Running:
    """What a running application says of itself."""

    routes: Served
    documented: Served
    contents: dict[tuple[str, str], contents.Contents]


def running_routes(target: Target, timeout: float = 300) -> Running:
    """Import a service and return its routes, and those of its OpenAPI document.

    Raises:
        ServiceError: It does not start; the message is its own last line.
    """
    environ = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    request = json.dumps([target.program, target.absent])
    answer = _run(
        [target.python, "-c", PROBE, request],
        target.path,
        {**environ, **target.environ},
        timeout,
    )
    start = answer.rfind('{"routes"')
    if start < 0:
        raise ServiceError("the service did not tell its routes")
    found = json.loads(answer[start:])
    if found["fault"]:
        print(f"no OpenAPI document: {found['fault']}", file=sys.stderr)
    return Running(
        _pairs(found["routes"]),
        _pairs(found["documented"]),
        contents.documented(found["schema"], found["schemes"]),
    )


def mapped_routes(target: Target, timeout: float = 300) -> dict[str, Mapped]:
    """Return the routes that `roadworthy routes` finds in the service's folder.

    Raises:
        ServiceError: The map cannot be made.
    """
    words = [sys.executable, "-m", "roadworthy", "routes", str(target.path)]
    words += ["--format", "json", "--python", target.python]
    found = json.loads(_run(words, Path.cwd(), dict(os.environ), timeout))["routes"]
    applications: dict[str, Mapped] = {}
    for route in found:
        other = "WEBSOCKET" if route["kind"] == "websocket" else "*"
        routes = applications.setdefault(route["application"], {})
        for method in route["methods"] or [other]:
            known = routes.setdefault((method, plain(route["path"])), [])
            known.append(contents.mapped(route))
    return applications


def nearest(applications: dict[str, Mapped], running: Served) -> Mapped:
    """Return the map of the application that has most of the running routes."""
    return max(
        applications.values(),
        key=lambda routes: (len(routes.keys() & running), -len(routes)),
        default={},
    )


def compare(target: Target, timeout: float = 300) -> Comparison:
    """Return both lists of a service's routes.

    `timeout` is in seconds, for each of the two. Raises `ServiceError`.
    """
    with ThreadPoolExecutor() as pool:
        mapping = pool.submit(mapped_routes, target, timeout)
        running = running_routes(target, timeout)
        mapped = nearest(mapping.result(), running.routes)
    both = {
        key: told
        for described, told in running.contents.items()
        for key in _served_as(described, mapped)
    }
    return Comparison(
        running.routes,
        running.documented,
        frozenset(mapped),
        tuple(contents.differences(mapped, both)),
        {
            column: sum(bool(getattr(told, column)) for told in both.values())
            for column in contents.COLUMNS
        },
    )


def _served_as(described: tuple[str, str], mapped: Mapped) -> list[tuple[str, str]]:
    """Return the route of an operation; a mounted application's leaves the mount out."""
    if described in mapped:
        return [described]
    method, path = described
    found = [key for key in mapped if key[0] == method and key[1].endswith(path)]
    return found if len(found) == 1 else []


def _pairs(pairs: Iterable[tuple[str, str]]) -> Served:
    return frozenset((method, plain(path)) for method, path in pairs)


def plain(path: str) -> str:
    """Return a path without the convertors of its parameters, as OpenAPI has it."""
    return re.sub(r"\{(\w+):\w+\}", r"{\1}", path) or "/"


def _run(
    words: list[str], folder: Path, environ: dict[str, str], timeout: float
) -> str:
    try:
        answer = subprocess.run(
            words,
            cwd=folder,
            env=environ,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        message = f"{words[0]} did not answer within {timeout:g} s"
        raise ServiceError(message) from error
    except OSError as error:
        raise ServiceError(str(error)) from error
    if answer.returncode != 0:
        lines = answer.stderr.strip().splitlines() or ["no message"]
        raise ServiceError(lines[-1])
    return answer.stdout


def parse_target(text: str) -> Target:
    """Read `PATH:MODULE:APP[:PYTHON]`. Raises `ServiceError`."""
    parts = text.split(":")
    if len(parts) not in (3, 4) or not all(parts):
        raise ServiceError(f"{text!r} is not PATH:MODULE:APP[:PYTHON]")
    path = Path(parts[0])
    if not path.is_dir():
        raise ServiceError(f"{path} is not a folder")
    python = parts[3] if len(parts) == 4 else sys.executable
    # Not resolved: an interpreter's link tells which environment it belongs to.
    program = application_of(parts[1], parts[2])
    return Target(path.resolve(), program, str(Path(python).absolute()))


def main() -> int:
    """Compare each service and return 1 if one differs or does not start."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("targets", nargs="+", metavar="TARGET")
    status = 0
    for name in parser.parse_args().targets:
        try:
            found = compare(parse_target(name))
        except ServiceError as error:
            print(f"{name}: not compared: {error}")
            status = 1
            continue
        same = len(found.running & found.mapped)
        print(
            f"{name}: {len(found.running)} routes ({len(found.documented)} in its "
            f"OpenAPI document), {len(found.mapped)} mapped, {same} in both"
        )
        for sign, routes in (("-", found.missing), ("+", found.extra)):
            for method, path in sorted(routes, key=lambda pair: pair[::-1]):
                print(f"  {sign} {method} {path}")
        for column in contents.COLUMNS:
            wrong = sum(d.column == column for d in found.differences)
            told = found.documented_by[column]
            print(f"  {column}: {told} documented, {wrong} differ")
        for difference in found.differences:
            print(f"  ! {difference}")
        if found.missing or found.extra or found.differences:
            status = 1
    return status


if __name__ == "__main__":
    sys.exit(main())
