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

Served = frozenset[tuple[str, str]]
"""Method (`WEBSOCKET` for one) and full path of each route."""

Applications = dict[str, Served]
"""The routes on the map of each application, by where it is made."""

PROBE = """
import importlib.abc, importlib.machinery, json, sys, types
from unittest.mock import MagicMock

program, absent = json.loads(sys.argv[1])


class StandIns(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in absent:
            return importlib.machinery.ModuleSpec(name, self, is_package=True)

    def create_module(self, spec):
        module = types.ModuleType(spec.name)

        def attribute(name):
            if name.startswith("__"):
                raise AttributeError(name)
            setattr(module, name, MagicMock(name=f"{spec.name}.{name}"))
            return vars(module)[name]

        module.__getattr__ = attribute
        return module

    def exec_module(self, module):
        pass


sys.meta_path.insert(0, StandIns())
sys.path.insert(0, ".")
names = {}
exec(program, names)
application = names["application"]
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


def running_routes(target: Target, timeout: float = 300) -> tuple[Served, Served]:
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
    return _pairs(found["routes"]), _pairs(found["documented"])


def mapped_routes(target: Target, timeout: float = 300) -> Applications:
    """Return the routes that `roadworthy routes` finds in the service's folder.

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
    return {place: frozenset(routes) for place, routes in applications.items()}


def nearest(applications: Applications, running: Served) -> Served:
    """Return the map of the application that has most of the running routes."""
    return max(
        applications.values(),
        key=lambda routes: (len(routes & running), -len(routes)),
        default=frozenset(),
    )


def compare(target: Target, timeout: float = 300) -> Comparison:
    """Return both lists of a service's routes.

    `timeout` is in seconds, for each of the two. Raises `ServiceError`.
    """
    with ThreadPoolExecutor() as pool:
        mapping = pool.submit(mapped_routes, target, timeout)
        running, documented = running_routes(target, timeout)
        mapped = nearest(mapping.result(), running)
    return Comparison(running, documented, mapped)


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
        if found.missing or found.extra:
            status = 1
    return status


if __name__ == "__main__":
    sys.exit(main())
