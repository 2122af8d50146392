"""Which module a library file holds, told from its path alone."""

from __future__ import annotations

import os
import re
from functools import cache
from urllib.parse import quote, unquote

# The folders below which a path is a module's name, the innermost first: packages lie
# inside the folder of the standard library.
_ROOTS = (
    re.compile(r".*/typeshed/[0-9a-f]+/(?:stdlib|stubs/[^/]+)/(.+)"),
    re.compile(r".*/(?:site|dist)-packages/(.+)"),
    re.compile(r".*/lib(?:64)?/(?:python|pypy)3\.\d+t?/(.+)"),
)
_WINDOWS_ROOT = re.compile(r".*/Lib/(.+)", re.IGNORECASE)
_SUFFIX = re.compile(r"(?:/__init__)?\.pyi?$")


@cache
def library_module(path: str) -> str | None:
    """Return the dotted name of the module in a library file, else `None`.

    Known are typeshed's stubs (as a type checker unpacks them), installed packages
    (a `name-stubs` package counts as `name`) and the interpreter's standard library.
    """
    path = path.replace(os.sep, "/")
    roots = (*_ROOTS, _WINDOWS_ROOT) if os.name == "nt" else _ROOTS
    for root in roots:
        match = root.match(path)
        if match is not None and _SUFFIX.search(path):
            parts = _SUFFIX.sub("", match[1]).split("/")
            return ".".join([parts[0].removesuffix("-stubs"), *parts[1:]])
    return None


@cache
def path_to_uri(path: str) -> str:
    """Return the `file:` address of an absolute path."""
    if os.name == "nt":
        path = "/" + path.replace("\\", "/")
    return "file://" + quote(path)


@cache
def uri_to_path(uri: str) -> str | None:
    """Return the path of a `file:` address, `None` for an address of another kind."""
    if not uri.startswith("file:///"):
        return None
    path = unquote(uri[len("file://") :])
    return path[1:].replace("/", "\\") if os.name == "nt" else path
