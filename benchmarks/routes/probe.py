"""Runs in a service's own interpreter: says which routes its application serves.

Given to `python -c` by `compare.py`, so that the service's folder alone is on the path.
Its one argument is a JSON list: a program that leaves the application in `application`,
and the packages for each of which an empty thing stands in.
"""

import gc
import importlib.abc
import importlib.machinery
import json
import sys
import types
from unittest.mock import MagicMock

program, absent = json.loads(sys.argv[1])


class StandIns(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports an empty thing for each package that is told to be absent."""

    def find_spec(self, name, path=None, target=None):
        """Answer for the absent packages alone."""
        if name.partition(".")[0] in absent:
            return importlib.machinery.ModuleSpec(name, self, is_package=True)
        return None

    def create_module(self, spec):
        """Make a module any attribute of which is there."""
        module = types.ModuleType(spec.name)

        def attribute(name):
            if name.startswith("__"):
                raise AttributeError(name)
            setattr(module, name, MagicMock(name=f"{spec.name}.{name}"))
            return vars(module)[name]

        module.__getattr__ = attribute
        return module

    def exec_module(self, module):
        """Do nothing: there is no code."""


sys.meta_path.insert(0, StandIns())
sys.path.insert(0, ".")
names = {}
exec(program, names)
application = names["application"]
found = set()


def visit(owner, prefix):
    """Find the routes of an application or router, and of all below it."""
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
# A scheme is documented by a name that may be given to it: its class is told besides.
classes = {}
for thing in gc.get_objects():
    if any(base.__name__ == "SecurityBase" for base in type(thing).__mro__):
        # A class may be told apart by its own `__init__`, which gives no name.
        name = getattr(thing, "scheme_name", None)
        classes.setdefault(name or type(thing).__name__, []).append(
            type(thing).__name__
        )
told = {
    "routes": sorted(found),
    "documented": sorted(documented),
    "schema": schema,
    "schemes": classes,
    "fault": fault,
}
json.dump(told, sys.stdout)
