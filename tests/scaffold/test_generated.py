"""A new service with resources of every kind: its tests, linters and `check` are content.

What it runs on is installed once into an environment of its own, by uv, which the tests
need anyway. SCAFFOLD_PYTHON names one that is there already; TEST_DATABASE_URL, which
the generated tests read, moves them to PostgreSQL or MariaDB.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from roadworthy import cli
from servicerun import run

RESOURCES = (
    ("category", "name:str:unique", "parent:category:optional"),
    ("tag", "label:str(20):unique", "color:enum(red,green):optional", "--shared"),
    (
        *("article", "title:str:unique", "body:text", "published:bool=false"),
        *("author:user", "category:category:optional", "main_tag:tag"),
        *("state:enum(draft,public)=draft", "price:decimal", "count:int:index"),
        *("ratio:float:optional", "day:date:index", "at:datetime:optional"),
        *("key:uuid:unique", "extra:json"),
    ),
    (
        *("comment", "article:article", "text:text", "score:int=0"),
        *("rate:decimal(5,3)=1.5", "seen:datetime=2025-01-31T12:00:00Z"),
        *('meta:json={"a": 1}', "kind:enum(a,b):index", "flag:bool:index"),
        *("words:str(3)=abc", "on:date=2024-02-29", "ref:uuid:optional", "f:float=2.5"),
    ),
    (
        *("news", "title:str(1):unique:optional", "at:datetime:unique"),
        *("amount:decimal(1,1):unique", "way:enum(in,name):optional=in"),
    ),
    (
        *("shared_thing", "owner_name:str", "maker:user", "tag:tag:unique"),
        *("before:shared_thing:optional", "--shared"),
    ),
    # Names that rows, columns and their collections have for something else.
    (
        *("order", "t:int", "keys:json", "values:int:unique", "items:int", "get:str"),
        *("index:int:index", "select:bool=true", "group:str(5)=ab", "compare:str"),
        *("mode:enum(none,true,class)=none", "user:user", "order:order:optional"),
    ),
    # Names whose types would hide one another, or what the module imports.
    (
        *("x_ray", "true:str(3)", "none:text", "a1:str(5)", "a_1:str(9)", "text:text"),
        *("text_value:str(2)", "after_validator:str(4)", "price:decimal(15,15)"),
        "session:int:index",
    ),
    ("x_ray_film", "user:str", "maker:user", "ray:x_ray", "--shared"),
)

pytestmark = pytest.mark.skipif(
    sys.version_info < (3, 11), reason="the service needs Python 3.11"
)


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a new service with every resource added."""
    parent = tmp_path_factory.mktemp("new")
    assert cli.main(["new", "shop", "--path", str(parent)]) == 0
    folder = parent / "shop"
    for words in RESOURCES:
        assert cli.main(["add", "resource", *words, "--path", str(folder)]) == 0
    return folder


@pytest.mark.parametrize(
    "tool",
    [
        ("black", "--check", "--quiet", "."),
        ("isort", "--check", "."),
        ("ruff", "check", "."),
        ("mypy",),
    ],
    ids=lambda words: words[0],
)
def test_linters_and_types_are_content(
    tool: tuple[str, ...], service: Path, python: str
) -> None:
    run([python, "-m", *tool], service)


def test_check_finds_nothing_in_the_resources(
    service: Path, python: str, capsys
) -> None:
    words = ["check", str(service), "--python", python, "--no-cache"]
    cli.main([*words, "--format", "json", "--fail-on", "never"])
    report = json.loads(capsys.readouterr().out)
    assert report["unread"] == []
    found = [f"{f['rule']} {f['path']}:{f['line']}" for f in report["findings"]]
    assert found == []


def test_the_generated_tests_pass(service: Path, python: str) -> None:
    # All of them: those of the template, whose names `new` has changed, too.
    said = run([python, "-m", "pytest", "-q", "-p", "no:cacheprovider"], service)
    assert " passed" in said
    assert " failed" not in said


def test_a_second_run_changes_nothing(service: Path, capsys) -> None:
    for words in RESOURCES:
        assert cli.main(["add", "resource", *words, "--path", str(service)]) == 0
        assert "nothing to do" in capsys.readouterr().out
