"""How ty is found and started: the program, its settings, its environment."""

from __future__ import annotations

import os
import shutil
import sys
import sysconfig
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from roadworthy.types.engine import TypeEngineUnavailable

INSTALL = "install it beside roadworthy: pip install 'ty>=0.0.100'"
"""What to do about a ty that is missing, too old or broken."""


def find_ty(root: Path) -> Path:
    """Return the installed ty: beside the running interpreter, else from `PATH`.

    A ty that lies inside `root` is the checked project's and is not run, unless the
    running interpreter is the project's as well.

    Raises `TypeEngineUnavailable` when there is none.
    """
    name = "ty" + (sysconfig.get_config_var("EXE") or "")
    beside = Path(sys.executable).parent / name
    if beside.is_file():
        return beside
    try:
        from ty import find_ty_bin

        return Path(find_ty_bin())
    except (ImportError, FileNotFoundError):
        pass
    found = shutil.which(name)
    if found is not None and Path(found).is_absolute():
        path = Path(found)
        if root not in path.parents and root.resolve() not in path.resolve().parents:
            return path
    raise TypeEngineUnavailable(f"the type checker ty is missing; {INSTALL}")


def server_settings(
    python: Path | None, python_version: str | None, source_roots: Sequence[Path]
) -> dict[str, Any]:
    """Return the initialization options: nothing is diagnosed, nothing else is read.

    See `TyEngine` for the arguments.
    """
    environment: dict[str, Any] = {}
    if python is not None:
        environment["python"] = str(python.absolute())
    if python_version is not None:
        environment["python-version"] = python_version
    if source_roots:
        environment["root"] = [str(path.absolute()) for path in source_roots]
    return {
        "diagnosticMode": "off",
        # In place of the project's own: its `[tool.ty]` is for its type checks, and a
        # mistake in it must not cost an answer.
        "configurationFile": os.devnull,
        "configuration": {"environment": environment},
        "untrustedWorkspace": True,
        "logLevel": "error",
    }


def server_environment() -> dict[str, str]:
    """Return the environment of the server: nothing in it changes answers unseen."""
    environment = {
        name: value
        for name, value in os.environ.items()
        if name != "PYTHONPATH" and not name.startswith("TY_")
    }
    if os.name != "nt":
        # No configuration of the user's, and nothing to run (it may call uv).
        environment["XDG_CONFIG_HOME"] = os.devnull
        environment["PATH"] = ""
    return environment


def can_keep_stubs(environment: Mapping[str, str]) -> bool:
    """Whether ty can write its stubs where it wants to.

    Where it cannot it answers nothing at all for the standard library.
    """
    if os.name == "nt":
        return True
    cache = Path(environment.get("XDG_CACHE_HOME") or "~/.cache") / "ty"
    try:
        cache = cache.expanduser()
        cache.mkdir(parents=True, exist_ok=True)
    except (OSError, RuntimeError):
        return False
    return os.access(cache, os.W_OK | os.X_OK)
