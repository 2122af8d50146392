"""Runs and tests the service; Python 3.11 or later is all it needs.

    python3 dev.py run        start the service on http://127.0.0.1:8000
    python3 dev.py test       run the tests (further arguments go to pytest)
    python3 dev.py lint       formatting, lint and types
    python3 dev.py migrate    bring the database up to date (`run` does that too)
    python3 dev.py worker     deliver the mails of the durable queue

What the service needs goes into `.venv` beside this file: through uv where it is
installed, through venv and pip where it is not.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
VENV = HERE / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
OLDEST = (3, 11)
SOURCES = ("app", "alembic", "tests", "dev.py")
MIGRATE = ("-m", "alembic", "upgrade", "head")
SERVE = ("-m", "uvicorn", "app.main:create_app", "--factory")


def main(arguments: list[str]) -> int:
    """Do what the first argument says and return the exit status."""
    if sys.version_info < OLDEST:
        return fail("Python 3.11 or later is needed")
    command, rest = (arguments[0], arguments[1:]) if arguments else ("", [])
    steps: dict[str, list[tuple[str, ...]]] = {
        "run": [MIGRATE, (*SERVE, "--no-access-log", *rest)],
        "test": [("-m", "pytest", *(rest or ("--cov",)))],
        "lint": [
            ("-m", "black", "--check", "--quiet", *SOURCES),
            ("-m", "isort", "--check", "--quiet", *SOURCES),
            ("-m", "ruff", "check", *SOURCES),
            ("-m", "mypy"),
        ],
        "migrate": [MIGRATE],
        "worker": [("-m", "taskiq", "worker", "app.worker:broker", *rest)],
    }
    if command not in steps:
        sys.stderr.write(__doc__ or "")
        return 2
    set_up()
    for step in steps[command]:
        if status := call(PYTHON, *step):
            return status
    return 0


def set_up() -> None:
    """Make `.venv` what `pyproject.toml` says, if that has not been done."""
    project = HERE / "pyproject.toml"
    wanted = hashlib.sha256(
        project.read_bytes() + str(sys.version_info[:2]).encode()
    ).hexdigest()
    stamp = VENV / ".set-up"
    if PYTHON.exists() and stamp.is_file() and stamp.read_text() == wanted:
        return
    print(f"setting up {VENV} (once) ...", file=sys.stderr, flush=True)
    for step in with_uv(project) or with_pip(project):
        if call(*step):
            sys.exit(fail("the environment could not be set up; see above"))
    stamp.write_text(wanted)


def with_uv(project: Path) -> list[tuple[str | Path, ...]]:
    """Return the steps that set up the environment with uv; none without uv."""
    uv = shutil.which("uv")
    if uv is None:
        return []
    install = (uv, "pip", "install", "--quiet", "--python", PYTHON)
    return [
        (uv, "venv", "--quiet", "--clear", "--python", sys.executable, VENV),
        (*install, "--requirements", project, "--group", "dev"),
    ]


def with_pip(project: Path) -> list[tuple[str | Path, ...]]:
    """Return the steps that set up the environment with venv and pip."""
    import tomllib

    document = tomllib.loads(project.read_text(encoding="utf-8"))
    wanted = [
        *document["project"]["dependencies"],
        *document["dependency-groups"]["dev"],
    ]
    pip = (PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    return [(sys.executable, "-m", "venv", "--clear", VENV), (*pip, *wanted)]


def call(*command: str | Path) -> int:
    """Run a command here and return its exit status."""
    words = [str(word) for word in command]
    try:
        return subprocess.run(words, cwd=HERE, check=False).returncode
    except KeyboardInterrupt:
        return 130


def fail(message: str) -> int:
    """Say what went wrong and return the exit status for it."""
    print(f"dev.py: {message}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
