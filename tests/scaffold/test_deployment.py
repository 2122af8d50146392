"""What starts the service elsewhere: each command, path and variable in it is there."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest

from roadworthy.scaffold.project import TEMPLATE
from servicerun import run

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

pytestmark = pytest.mark.skipif(
    sys.version_info < (3, 11), reason="the service needs Python 3.11"
)
DOCKERFILE = (TEMPLATE / "Dockerfile").read_text()
COMPOSE = (TEMPLATE / "compose.yaml").read_text()
KUBERNETES = "\n".join(
    path.read_text() for path in sorted((TEMPLATE / "k8s").glob("*.yaml"))
)
SETTINGS = (
    "import json; from app.core.settings import Settings; "
    "print(json.dumps([name.upper() for name in Settings.model_fields]))"
)
PATHS = """
import json, sys
from fastapi.testclient import TestClient
from app.main import create_app
with TestClient(create_app()) as client:
    paths = {paths}
    print(json.dumps([path for path in paths if client.get(path).status_code != 404]))
"""
PROJECT = tomllib.loads((TEMPLATE / "pyproject.toml").read_text())["project"]


def said_by(python: str, code: str, **variables: str) -> set[str]:
    """Return the names that a program prints, run in the service."""
    said = run(
        [python, "-B", "-c", code], TEMPLATE, **{"LOG_LEVEL": "ERROR"} | variables
    )
    line = next(line for line in said.splitlines() if line.startswith("["))
    return {str(name) for name in json.loads(line)}


def test_the_image_copies_what_is_there() -> None:
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, re.MULTILINE)
    sources = [word for words in copied for word in words.split()]
    assert sources
    assert [word for word in sources if not (TEMPLATE / word).exists()] == []


@pytest.mark.parametrize(
    ("database", "driver"),
    [("postgres", "asyncpg"), ("mysql", "aiomysql"), ("sqlite", "aiosqlite")],
)
def test_the_image_installs_the_driver(database: str, driver: str) -> None:
    match = re.search(r'^RUN python -c "(.*?)" >', DOCKERFILE, re.MULTILINE | re.DOTALL)
    assert match is not None
    code = match[1].replace("\\\n", "").replace("${DATABASE}", database)
    installed = run([sys.executable, "-c", code], TEMPLATE).splitlines()
    assert set(PROJECT["dependencies"]) <= set(installed)
    assert any(line.startswith(driver) for line in installed)


def commands() -> list[list[str]]:
    """Return what containers run, in the image, in Compose and in Kubernetes."""
    lists = re.findall(r"^\s*command: \[(.*)\]$", COMPOSE + KUBERNETES, re.MULTILINE)
    words = [[word.strip().strip('"') for word in text.split(",")] for text in lists]
    starts = re.findall(r"^CMD (\[.*\])$", DOCKERFILE, re.MULTILINE)
    return [each for each in words if each[0] != "redis-server"] + [
        json.loads(text) for text in starts
    ]


def test_containers_run_what_is_installed(python: str) -> None:
    found = commands()
    assert {words[0] for words in found} == {"uvicorn", "alembic", "taskiq"}
    for words in found:
        said = run([str(Path(python).parent / words[0]), "--help"], TEMPLATE)
        assert "usage" in said.lower()
        for word in words[1:]:
            if word.startswith("--") and words[0] == "uvicorn":
                assert word in said
            if re.fullmatch(r"[a-z.]+:[a-z_]+", word):
                module, name = word.split(":")
                code = f"from {module} import {name}; print('[]')"
                said_by(python, code, REDIS_URL="redis://127.0.0.1:1/0")


def test_probes_ask_for_what_is_answered(python: str, tmp_path: Path) -> None:
    asked = set(re.findall(r"path: (/[a-z/]+)", KUBERNETES)) - {"/api/"}
    asked |= set(re.findall(r"http://127\.0\.0\.1:8000(/[a-z/]+)", DOCKERFILE))
    assert asked == {"/health/live", "/health/ready", "/metrics"}
    url = f"sqlite:///{tmp_path / 'service.db'}"
    code = PATHS.format(paths=sorted(asked))
    assert said_by(python, code, DATABASE_URL=url) == asked


def test_variables_are_settings(python: str) -> None:
    config = (TEMPLATE / "k8s" / "config.yaml").read_text()
    service = COMPOSE.partition("services:")[0]
    example = (TEMPLATE / ".env.example").read_text()
    named = set(re.findall(r"^\s+([A-Z_]+):", config + service, re.MULTILINE))
    named |= set(re.findall(r"^(?:# ?)?([A-Z][A-Z_]+)=", example, re.MULTILINE))
    assert "DATABASE_URL" in named
    # Read by uvicorn itself.
    assert named - {"FORWARDED_ALLOW_IPS"} <= said_by(python, SETTINGS)


def test_automation_calls_verbs_that_there_are() -> None:
    workflow = (TEMPLATE / ".github/workflows/ci.yml").read_text()
    hooks = (TEMPLATE / ".pre-commit-config.yaml").read_text()
    called = set(re.findall(r"python3? (dev\.py \w+)", workflow + hooks))
    assert called == {"dev.py lint", "dev.py test"}
    usage = (TEMPLATE / "dev.py").read_text()
    assert all(f"python3 {words} " in usage for words in called)
