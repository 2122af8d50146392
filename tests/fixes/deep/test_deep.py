"""`--deep`: a whole chain turns asynchronous, over modules, overrides and tests."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from mending import mend
from roadworthy.fixes.rounds import Outcome

SERVICES = """\
import time
from abc import ABC, abstractmethod
from typing import Protocol


class Titled(Protocol):
    def title(self, key: str) -> str: ...


class Source(ABC):
    @abstractmethod
    def load(self, key: str) -> str: ...


class Slow(Source):
    def load(self, key: str) -> str:
        time.sleep(0.001)
        return key.upper()


class Plain(Source):
    def load(self, key: str) -> str:
        return key


class Loud(Slow):
    def load(self, key: str) -> str:
        return super().load(key) + "!"


class Catalogue:
    def __init__(self, source: Source) -> None:
        self.source = source

    def title(self, key: str) -> str:
        return self.source.load(key).title()


def describe(titled: Titled, keys: list[str]) -> list[str]:
    return [titled.title(key)[:3] for key in keys if titled.title(key)]
"""
MAIN = """\
import asyncio

from fastapi import FastAPI

from app import services
from app.services import Catalogue, Loud, Plain, Slow
from app.services import describe as tell

app = FastAPI()
slow = Catalogue(Slow())
loud = Catalogue(Loud())
plain = Catalogue(Plain())


@app.get("/a/{key}")
async def a(key: str) -> str:
    return slow.title(key)[:3] + services.Slow().load(key).lower()


@app.get("/b/{key}")
async def b(key: str) -> list[str]:
    return tell(loud, [key, plain.title(key)])


@app.get("/c/{key}")
async def c(key: str) -> str:
    return await asyncio.to_thread(loud.title, key)


@app.get("/d/{key}")
def d(key: str) -> str:
    return slow.title(key)


if __name__ == "__main__":
    print(slow.title("x"))
"""
TEST = """\
import inspect
import asyncio

from app import main
from app.services import Catalogue, Loud, Slow


def run(result):
    return asyncio.run(result) if inspect.isawaitable(result) else result


def test_title():
    assert Catalogue(Slow()).title("moby") == "Moby"


class TestLoud:
    def test_load(self):
        loud = Loud()
        assert loud.load("a") == "A!" and [loud.load(k) for k in "bc"] == ["B!", "C!"]


def test_handlers():
    assert run(main.a("moby")) == "Mobmoby"
    assert run(main.b("moby")) == ["Mob", "Mob"]
    assert run(main.c("moby")) == "Moby!"
"""
TREE = {
    "app/__init__.py": "",
    "app/services.py": SERVICES,
    "app/main.py": MAIN,
    "tests/__init__.py": "",
    "tests/test_services.py": TEST,
}


def run_tests(folder: Path, texts: dict[str, str]) -> None:
    """Run a tree's tests, and its script."""
    for path, text in texts.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    for command in (
        ["-m", "pytest", "-q", "-p", "no:cacheprovider"],
        ["-m", "app.main"],
    ):
        done = subprocess.run(
            [sys.executable, *command],
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr


def test_chain_turns_asynchronous_and_its_tests_pass(tmp_path: Path) -> None:
    run_tests(tmp_path / "before", TREE)

    texts, outcome = mend(tmp_path / "tree", TREE, deep=True)

    assert outcome.refused == ()
    assert outcome.left == ()
    assert not outcome.after.findings
    services, main = texts["app/services.py"], texts["app/main.py"]
    assert services.count("async def load(") == 4
    assert services.count("async def title(") == 2
    assert "await asyncio.sleep(0.001)" in services
    assert "return await super().load(key) + " in services
    assert "(await titled.title(key))[:3] for key in keys if await titled" in services
    assert "return await tell(loud, [key, await plain.title(key)])" in main
    assert "return await loud.title(key)" in main
    assert 'print(asyncio.run(slow.title("x")))' in main
    assert "async def d(" in main
    assert "to_thread" not in main + services
    assert [p.fix.safe for p in outcome.applied] == [False]
    run_tests(tmp_path / "after", texts)


def test_second_run_changes_nothing(tmp_path: Path) -> None:
    texts, _ = mend(tmp_path / "first", TREE, deep=True)

    again, outcome = mend(tmp_path / "second", texts, deep=True)

    assert outcome.applied == ()
    assert again == texts


@pytest.mark.parametrize(
    ("settings", "head", "expected"),
    [
        (
            '[tool.pytest.ini_options]\nasyncio_mode = "auto"\n',
            "",
            "async def test_title():\n    assert await Catalogue",
        ),
        (
            "",
            "import pytest\n\n\n@pytest.mark.anyio\nasync def test_other(): ...\n\n\n",
            "@pytest.mark.anyio\nasync def test_title():\n    assert await Catalogue",
        ),
        ("", "", "def test_title():\n    assert asyncio.run(Catalogue"),
        (
            '[tool.pytest.ini_options]\nasyncio_mode = "auto"\n',
            "client = 1\n\n\n",
            "async def test_title():",
        ),
    ],
)
def test_tests_await_in_the_projects_way(
    tmp_path: Path, settings: str, head: str, expected: str
) -> None:
    tree = {
        **TREE,
        "tests/test_services.py": head + TEST,
        "pyproject.toml": settings or "[project]\n",
    }

    texts, outcome = mend(tmp_path, tree, deep=True)

    assert outcome.refused == ()
    assert expected in texts["tests/test_services.py"]


def test_test_with_a_client_stays_synchronous(tmp_path: Path) -> None:
    test = (
        "from app.services import Slow\n\n\ndef test_a(client):\n"
        '    assert client.get("/a/x") and Slow().load("x")\n'
    )
    tree = {
        **TREE,
        "tests/test_services.py": test,
        "pyproject.toml": '[tool.pytest.ini_options]\nasyncio_mode = "auto"\n',
    }

    texts, _ = mend(tmp_path, tree, deep=True)

    assert "\ndef test_a(client):" in texts["tests/test_services.py"]
    assert 'asyncio.run(Slow().load("x"))' in texts["tests/test_services.py"]


def outcome_of(folder: Path, helper: str, handler: str) -> Outcome:
    """Fix a service of a helper and a handler, deeply; nothing may be taken back."""
    main = (
        "import functools\nimport time\n\nfrom fastapi import FastAPI\n\n"
        f"app = FastAPI()\n\n\n{helper}\n\n@app.get('/a')\n"
        f"async def work(key: str):\n    {handler}\n"
    )
    _, outcome = mend(folder, {"main.py": main}, deep=True)
    assert outcome.refused == ()
    return outcome


LOAD = "def load(key: str) -> str:\n    time.sleep(1)\n    return key\n"


@pytest.mark.parametrize(
    ("helper", "handler", "reason"),
    [
        (f"@functools.lru_cache\n{LOAD}", "return load(key)", "decorated"),
        (LOAD, "return sorted([key], key=load)", "handed on as a value"),
        (LOAD, "return sum(len(load(k)) for k in key)", "generator expression"),
        (
            LOAD,
            "import anyio\n    await anyio.to_thread.run_sync("
            "load, key, abandon_on_cancel=True)\n    return load(key)",
            "has options of its own for the thread",
        ),
        (
            "class A:\n    def __init__(self) -> None:\n        time.sleep(1)\n",
            "return A() is None",
            "called by Python itself",
        ),
        (
            "class A:\n    @property\n    def x(self) -> int:\n        time.sleep(1)\n"
            "        return 1\n",
            "return A().x",
            "decorated",
        ),
        (
            "def many():\n    time.sleep(1)\n    yield 1\n",
            "return [x for x in many()]",
            "generator",
        ),
        (f"{LOAD}\n\nX = load('x')\n", "return load(key)", "called at import"),
        (
            "class A(dict):\n    def load(self, key: str) -> str:\n"
            "        time.sleep(1)\n        return key\n",
            "return A().load(key)",
            "may be called by",
        ),
    ],
)
def test_chain_that_cannot_turn_is_left_with_the_reason(
    tmp_path: Path, helper: str, handler: str, reason: str
) -> None:
    outcome = outcome_of(tmp_path, helper, handler)

    assert [reason in left.reason for left in outcome.left] == [True]
    text = b"".join(outcome.results.values()).decode()
    assert "async def load" not in text and "async def many" not in text


def test_function_replaced_by_a_test_is_left(tmp_path: Path) -> None:
    test = (
        "import main\n\n\ndef test_a(monkeypatch):\n"
        '    monkeypatch.setattr(main, "load", lambda key: key)\n'
    )
    _, outcome = mend(
        tmp_path,
        {
            "main.py": (
                "import time\n\nfrom fastapi import FastAPI\n\napp = FastAPI()\n\n\n"
                f"{LOAD}\n\n@app.get('/a')\nasync def work(key: str):\n"
                "    return load(key)\n"
            ),
            "tests/test_a.py": test,
        },
        deep=True,
    )

    assert ["cannot be told" in left.reason for left in outcome.left] == [True]
    assert b"await asyncio.to_thread(load, key)" in outcome.results["main.py"]


def test_decorator_that_takes_coroutine_functions_is_no_hindrance(
    tmp_path: Path,
) -> None:
    helper = f"import tenacity\n\n\n@tenacity.retry(reraise=True)\n{LOAD}"
    outcome = outcome_of(tmp_path, helper, "return load(key)")

    assert outcome.left == ()
    text = outcome.results["main.py"].decode()
    assert "@tenacity.retry(reraise=True)\nasync def load(" in text
    assert "return await load(key)" in text
