"""Sets up a private environment for this repository and runs something in it.

    python3 dev.py demo        check the example service
    python3 dev.py test        run the tests (further arguments go to pytest)
    python3 dev.py lint        formatting, lint and types of the project itself
    python3 dev.py run ...     roadworthy itself: `python3 dev.py run check PATH`

Needs Python 3.10 or later and nothing else. Everything goes into `.venv` beside this
file: through uv where it is installed, through venv and pip where it is not. The Python
that runs this file is left as it is.
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

DEMO = ("examples",)
DEV = ("examples", "dev")
SOURCES = ("src", "tests", "benchmarks", "examples", "dev.py")


def main(arguments: list[str]) -> int:
    """Do what the first argument says and return the exit status."""
    if sys.version_info < (3, 10):
        version = ".".join(map(str, sys.version_info[:2]))
        return fail(f"Python 3.10 or later is needed; this is {version}")
    command, rest = (arguments[0], arguments[1:]) if arguments else ("", [])
    if command == "demo":
        set_up(DEMO)
        example = str(HERE / "examples" / "bookshop")
        # Findings are what is wanted here, so they are no failure.
        return roadworthy("check", example, "--fail-on", "never", *rest)
    if command == "test":
        set_up(DEV)
        return call(PYTHON, "-m", "pytest", *rest)
    if command == "lint":
        set_up(DEV)
        return lint()
    if command == "run":
        set_up(DEMO)
        return roadworthy(*rest)
    sys.stderr.write(__doc__ or "")
    return 0 if command in ("help", "-h", "--help") else 2


def roadworthy(*arguments: str) -> int:
    """Run roadworthy where the user stands, so that paths mean what they say."""
    return call(PYTHON, "-m", "roadworthy", *arguments, folder=Path.cwd())


def lint() -> int:
    """Run every check of the project on itself and return 1 if one fails."""
    checks: list[tuple[str | Path, ...]] = [
        (PYTHON, "-m", "black", "--check", "--quiet", "--diff", *SOURCES),
        (PYTHON, "-m", "isort", "--check", "--diff", "--quiet", *SOURCES),
        (PYTHON, "-m", "ruff", "check", *SOURCES),
        (PYTHON, "-m", "mypy"),
    ]
    if uv := shutil.which("uv"):
        checks.append((uv, "lock", "--check", "--quiet"))
    failed = False
    for check in checks:
        words = [str(word) for word in check]
        name = words[2] if words[1] == "-m" else "uv lock --check"
        status = call(*check)
        print(f"{name}: {'ok' if status == 0 else 'FAILED'}", flush=True)
        failed = failed or status != 0
    return int(failed)


def set_up(groups: tuple[str, ...]) -> None:
    """Bring `.venv` to what the lock file says, if that has not been done."""
    wanted = fingerprint()
    for stamp in (VENV / ".set-up-dev", stamp_of(groups)):
        if PYTHON.exists() and stamp.is_file() and stamp.read_text() == wanted:
            return
    print(f"setting up {VENV} (once) ...", file=sys.stderr, flush=True)
    if not (with_uv(groups) or with_pip(groups)):
        sys.exit(fail("the environment could not be set up; what failed stands above"))
    stamp_of(groups).write_text(wanted)


def stamp_of(groups: tuple[str, ...]) -> Path:
    """Return the file that says that these groups are installed."""
    return VENV / (".set-up-dev" if groups == DEV else ".set-up-demo")


def fingerprint() -> str:
    """Return what the environment depends on: the lock file and the Python version."""
    digest = hashlib.sha256(str(sys.version_info[:2]).encode())
    for name in ("pyproject.toml", "uv.lock", "constraints.txt"):
        digest.update((HERE / name).read_bytes())
    return digest.hexdigest()


def with_uv(groups: tuple[str, ...]) -> bool:
    """Install with uv; return whether that was possible."""
    uv = shutil.which("uv")
    if uv is None:
        return False
    chosen = [word for group in groups for word in ("--group", group)]
    status = call(
        *(uv, "sync", "--locked", "--inexact", "--quiet", "--compile-bytecode"),
        *("--python", sys.executable, "--no-default-groups", *chosen),
        output=sys.stderr.fileno(),
    )
    if status != 0:
        print("uv could not do it; trying venv and pip ...", file=sys.stderr)
    return status == 0


def with_pip(groups: tuple[str, ...]) -> bool:
    """Install with venv and pip; return whether that was possible."""
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        version = ".".join(map(str, sys.version_info[:2]))
        fail(
            "this Python cannot make virtual environments, since its distribution "
            "splits off the modules venv and ensurepip. Install them (Debian, Ubuntu: "
            f"`apt install python{version}-venv`) or install uv, then try again"
        )
        return False
    python_is_same = PYTHON.exists() and minor_version(PYTHON) == sys.version_info[:2]
    steps: list[tuple[str | Path, ...]] = []
    if not python_is_same or not (VENV / "pyvenv.cfg").exists():
        steps.append((sys.executable, "-m", "venv", "--clear", VENV))
    elif call(PYTHON, "-m", "pip", "--version", output=subprocess.DEVNULL) != 0:
        # As uv leaves it.
        steps.append((PYTHON, "-m", "ensurepip"))
    pip = (PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    chosen = [word for group in groups for word in ("--group", group)]
    # Older ones do not know `--group`.
    steps.append((*pip, "--upgrade", "pip>=25.1"))
    steps.append((*pip, "--constraint", "constraints.txt", "--editable", ".", *chosen))
    return all(call(*step, output=sys.stderr.fileno()) == 0 for step in steps)


def minor_version(python: Path) -> tuple[int, ...]:
    """Return the major and minor version of an interpreter, or () if it does not run."""
    code = "import sys; print(*sys.version_info[:2])"
    try:
        answer = subprocess.run(
            [python, "-c", code], capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return ()
    return tuple(map(int, answer.stdout.split()))


def call(*command: str | Path, folder: Path = HERE, output: int | None = None) -> int:
    """Run a command without what the user's own environment would change in it."""
    environ = {
        name: value
        for name, value in os.environ.items()
        if name not in ("VIRTUAL_ENV", "PYTHONPATH", "PYTHONHOME", "CONDA_PREFIX")
    }
    environ["UV_PROJECT_ENVIRONMENT"] = str(VENV)
    words = [str(word) for word in command]
    try:
        return subprocess.run(words, cwd=folder, env=environ, stdout=output).returncode
    except KeyboardInterrupt:
        return 130


def fail(message: str) -> int:
    """Say what went wrong and return the exit status for it."""
    print(f"dev.py: {message}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
