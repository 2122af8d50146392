"""Compares the map of routes with the running application's own.

    python benchmarks/routes/compare.py PATH:MODULE:APP[:PYTHON] ...

PATH is the folder that the service is started from, MODULE:APP the application in it,
PYTHON the interpreter with the service's dependencies. The service is imported (by that
interpreter, in a process of its own) and asked for its routes and its OpenAPI document;
`roadworthy routes` reads its code. Method and full path must agree.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

Served = frozenset[tuple[str, str]]
"""Method (`WEBSOCKET` for one) and full path of each route."""

PROBE = """
import importlib, json, sys

sys.path.insert(0, ".")
module, name = sys.argv[1:]
application = importlib.import_module(module)
for part in name.split("."):
    application = getattr(application, part)
found = set()


def visit(owner, prefix):
    for route in getattr(owner, "routes", None) or ():
        endpoint = getattr(route, "endpoint", None)
        inner = getattr(route, "original_router", None)
        if getattr(endpoint, "__module__", "") == "fastapi.applications":
            continue  # the documentation that FastAPI adds by itself
        if inner is not None:  # FastAPI that keeps inclusions as they are
            context = getattr(route, "include_context", None)
            visit(inner, prefix + getattr(context, "prefix", ""))
            continue
        path = prefix + getattr(route, "path", "")
        if hasattr(route, "app") and endpoint is None:
            visit(route, path)
            continue
        methods = set(getattr(route, "methods", None) or ())
        if "Route" in type(route).__name__ and hasattr(route, "methods"):
            if "response_model" not in dir(route) and "GET" in methods:
                methods.discard("HEAD")  # Starlette adds it to each GET
            found.update((method, path) for method in methods or {"*"})
        elif endpoint is not None:
            found.add(("WEBSOCKET", path))


visit(application, "")
schema, fault = {"paths": {}}, ""
try:
    if hasattr(application, "openapi"):
        schema = application.openapi()
except Exception as error:  # told, not dropped: the routes are compared all the same
    fault = f"{type(error).__name__}: {error}"
documented = [
    (method.upper(), path) for path, item in schema["paths"].items() for method in item
]
told = {"routes": sorted(found), "documented": sorted(documented), "fault": fault}
json.dump(told, sys.stdout)
"""


@dataclass(frozen=True, slots=True)
class Target:
    """A service: where it is, which application it serves, what runs it."""

    path: Path
    module: str
    name: str
    python: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """Routes of the running application and of the map."""

    running: Served
    documented: Served
    mapped: Served

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


def running_routes(target: Target, timeout: float = 120) -> tuple[Served, Served]:
    """Import a service and return its routes, and those of its OpenAPI document.

    Raises:
        ServiceError: It does not start; the message is its own last line.
    """
    environ = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    answer = _run(
        [target.python, "-c", PROBE, target.module, target.name],
        target.path,
        environ,
        timeout,
    )
    start = answer.rfind('{"routes"')
    if start < 0:
        raise ServiceError("the service did not tell its routes")
    found = json.loads(answer[start:])
    if found["fault"]:
        print(f"{target.name}: no OpenAPI document: {found['fault']}", file=sys.stderr)
    return _pairs(found["routes"]), _pairs(found["documented"])


def mapped_routes(
    target: Target, running: Served = frozenset(), timeout: float = 300
) -> Served:
    """Return the routes that `roadworthy routes` finds for the application.

    Of several applications in the folder, the one that has most of `running` counts.

    Raises:
        ServiceError: The map cannot be made.
    """
    words = [sys.executable, "-m", "roadworthy", "routes", str(target.path)]
    words += ["--format", "json", "--python", target.python]
    found = json.loads(_run(words, Path.cwd(), dict(os.environ), timeout))["routes"]
    applications: dict[str, set[tuple[str, str]]] = {}
    for route in found:
        other = "WEBSOCKET" if route["kind"] == "websocket" else "*"
        applications.setdefault(route["application"], set()).update(
            (method, plain(route["path"])) for method in route["methods"] or [other]
        )
    if not applications:
        return frozenset()
    nearest = max(applications.values(), key=lambda routes: len(routes & running))
    return frozenset(nearest)


def compare(target: Target) -> Comparison:
    """Return both lists of a service's routes. Raises `ServiceError`."""
    running, documented = running_routes(target)
    return Comparison(running, documented, mapped_routes(target, running))


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
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ServiceError(str(error)) from error
    if answer.returncode != 0:
        lines = answer.stderr.strip().splitlines() or ["no message"]
        raise ServiceError(lines[-1])
    return answer.stdout


def parse_target(text: str) -> Target:
    """Read `PATH:MODULE:APP[:PYTHON]`. Raises `argparse.ArgumentTypeError`."""
    parts = text.split(":")
    if len(parts) not in (3, 4) or not all(parts):
        raise argparse.ArgumentTypeError(f"{text!r} is not PATH:MODULE:APP[:PYTHON]")
    path = Path(parts[0])
    if not path.is_dir():
        raise argparse.ArgumentTypeError(f"{path} is not a folder")
    python = parts[3] if len(parts) == 4 else sys.executable
    # Not resolved: an interpreter's link tells which environment it belongs to.
    return Target(path.resolve(), parts[1], parts[2], str(Path(python).absolute()))


def main() -> int:
    """Compare each service and return 1 if one differs or does not start."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("targets", nargs="+", type=parse_target, metavar="TARGET")
    status = 0
    for target in parser.parse_args().targets:
        name = f"{target.path.name} {target.module}:{target.name}"
        try:
            found = compare(target)
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
        if found.missing or found.extra:
            status = 1
    return status


if __name__ == "__main__":
    sys.exit(main())
