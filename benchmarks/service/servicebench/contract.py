"""The service against its own OpenAPI document, by schemathesis."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from servicebench import database, service
from servicebench.client import ask, expect
from servicebench.faults import Result, Say
from servicebench.process import StartError, environment

DATABASE = "contract"
RUNS = 5
"""The most runs, each with a seed of its own, to come to the number of examples."""
LEFT_OUT = "/auth/(password|logout)$"
"""Operations that would end the session that the others are asked in."""


def measure(path: Path, python: Path, examples: int, seed: int, *, say: Say) -> Result:
    """Run at least this many examples, authenticated, with every check.

    Raises:
        StartError: the service does not come up, or schemathesis is missing.
    """
    program = Path(python).parent / "schemathesis"
    if not program.exists():
        raise StartError(f"schemathesis is not installed beside {python}")
    with tempfile.TemporaryDirectory(prefix="servicebench-") as name:
        folder = Path(name) / "tree"
        shutil.copytree(
            path, folder, ignore=shutil.ignore_patterns(".venv", ".env", "*.db")
        )
        with database.postgres() as cluster:
            cluster.create(DATABASE)
            # Only outside production does the service show its document.
            changes = {"ENVIRONMENT": "staging", "ACCESS_TOKEN_SECONDS": "86400"}
            with service.running(
                python, folder, cluster, DATABASE, changes=changes
            ) as (base, _):
                return _run(program, base, cluster, examples, seed, folder, say)


def _run(
    program: Path,
    base: str,
    cluster: database.Postgres,
    examples: int,
    seed: int,
    folder: Path,
    say: Say,
) -> Result:
    tokens = service.account(base, cluster, DATABASE, "admin@example.com")
    cluster.sql(DATABASE, "update users set is_admin = true")
    tokens = service.log_in(base, "admin@example.com")
    service.fill(base, tokens.access, 20, {"title": "row"})
    root = base.removesuffix("/api/v1")
    document = expect(ask("GET", f"{root}/openapi.json"), 200)
    paths = document["paths"]
    assert isinstance(paths, dict)
    operations = sum(
        len(item) for path, item in paths.items() if not re.search(LEFT_OUT, path)
    )
    each = -(-examples // operations)
    say(f"{operations} operations, up to {each} examples each and run")
    count, failures = 0, 0
    # What takes no input has fewer different examples than were asked for, so that one
    # run does not do; the next one begins with another seed.
    for current in range(seed, seed + RUNS):
        said, status = _schemathesis(
            program, root, tokens.access, each, current, folder
        )
        generated = re.search(r"(\d[\d,]*) generated", said)
        found = int(generated[1].replace(",", "")) if generated else 0
        count += found
        failures += status != 0
        say(f"seed {current}: exit {status}, {found} examples")
        if status != 0 or not found:
            say(said[-6000:])
        if count >= examples or not found:
            break
    log = (folder / "server.log").read_text(errors="replace")
    errors = len(re.findall(r'"status": 5\d\d|"unhandled_error"', log))
    figures: dict[str, object] = {
        "operations": operations,
        "examples": count,
        "runs that found something": failures,
        "server errors logged": errors,
    }
    say(str(figures))
    return Result(figures, failures == 0 and errors == 0 and count >= examples)


def _schemathesis(
    program: Path, root: str, token: str, each: int, seed: int, folder: Path
) -> tuple[str, int]:
    """Return what one run says, and its exit status."""
    words = [str(program), "run", f"{root}/openapi.json", "--url", root]
    words += ["--header", f"Authorization: Bearer {token}"]
    words += ["--checks", "all", "--max-examples", str(each), "--seed", str(seed)]
    words += ["--phases", "examples,coverage,fuzzing,stateful", "--continue-on-failure"]
    words += ["--generation-database", "none", "--no-color", "--warnings", "off"]
    words += ["--exclude-path-regex", LEFT_OUT, "--workers", "2"]
    done = subprocess.run(
        words, cwd=folder, env=environment({}), capture_output=True, text=True
    )
    return done.stdout + done.stderr, done.returncode
