"""The catalogue, asked by dotted name: names, patterns, exceptions, conditions, bases."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from roadworthy import engine
from roadworthy.effects import lookup
from roadworthy.effects.lookup import CALL_EFFECTS, Block, Catalogue, CatalogueError
from roadworthy.project.config import load_settings


def catalogue(*groups: Mapping[str, Any]) -> Catalogue:
    """Return the shipped catalogue with groups of the user's."""
    return Catalogue.load(groups)


def group(*calls: str, **other: Any) -> Mapping[str, Any]:
    return {"effect": "http", "calls": list(calls), **other}


def effects(known: Catalogue, path: str) -> list[str]:
    return [block.effect for block in known.call(path)]


@pytest.fixture(scope="module")
def shipped() -> Catalogue:
    return Catalogue.load()


@pytest.mark.parametrize(
    ("defining", "public"),
    [
        ("sqlalchemy.orm.session.Session", "sqlalchemy.orm.Session"),
        ("sqlalchemy.orm.session.Session.execute", "sqlalchemy.orm.Session.execute"),
        ("requests.api.get", "requests.get"),
        ("requests.sessions.Session.get", "requests.Session.get"),
        ("requests.sessions.Sessions", "requests.sessions.Sessions"),
        ("requests", "requests"),
        ("somewhere.else.name", "somewhere.else.name"),
        ("", ""),
    ],
)
def test_names_become_public(shipped: Catalogue, defining: str, public: str) -> None:
    assert shipped.canonical(defining) == public
    assert shipped.canonical(public) == public


def test_every_alias_leads_to_a_public_name(shipped: Catalogue) -> None:
    assert shipped.aliases
    for target in shipped.aliases.values():
        final = shipped.canonical(target)
        assert shipped.canonical(final) == final


@pytest.mark.parametrize(
    ("path", "effect"),
    [
        ("time.sleep", ["sleep"]),
        ("requests.get", ["http"]),
        ("requests.Session.get", ["http"]),
        ("sqlalchemy.orm.Session.execute", ["database"]),
        ("subprocess.run", ["subprocess"]),
        ("asyncio.sleep", []),
        ("time.monotonic", []),
        ("time", []),
        ("sleep", []),
        ("", []),
    ],
)
def test_shipped_knowledge(shipped: Catalogue, path: str, effect: list[str]) -> None:
    assert effects(shipped, path)[: len(effect) or None] == effect


def test_every_shipped_effect_is_known(shipped: Catalogue) -> None:
    for path in ("time.sleep", "builtins.open", "subprocess.run"):
        assert {block.effect for block in shipped.call(path)} <= set(CALL_EFFECTS)


@pytest.mark.parametrize(
    ("pattern", "fitting", "other"),
    [
        ("lib.Client.*", ["get", "post"], ["", "shop.get", "shop.get.more"]),
        ("lib.Client.get_*", ["get_one", "get_"], ["get", "forget_one", "get.one"]),
        ("lib.Client.*_sync", ["go_sync", "_sync"], ["sync", "go_sync.x", "a.b_sync"]),
        ("lib.Client.**", ["get", "shop.get", "a.b.c.d"], [""]),
        ("lib.Client.*.get", ["shop.get"], ["get", "a.b.get", "shop.post"]),
        ("lib.Client.**.get", ["shop.get", "a.b.get"], ["get", "shop.post"]),
        ("lib.Client.**.get_*", ["shop.get_one", "a.b.get_"], ["get_one", "shop.get"]),
    ],
)
def test_patterns(pattern: str, fitting: list[str], other: list[str]) -> None:
    known = catalogue(group(pattern))
    for name in fitting:
        assert effects(known, f"lib.Client.{name}") == ["http"], name
    for name in other:
        assert effects(known, f"lib.Client.{name}".rstrip(".")) == [], name
    assert effects(known, "lib.Clients.get.one") == []
    assert effects(known, "other.lib.Client.get_one") == []
    assert known.is_class("lib.Client")


def test_exceptions_are_names_and_patterns() -> None:
    known = catalogue(
        group(
            "lib.Client.**",
            **{"except": ["lib.Client.close", "lib.Client.**.*_async"]},
        )
    )
    assert effects(known, "lib.Client.send") == ["http"]
    assert effects(known, "lib.Client.close") == []
    assert effects(known, "lib.Client.shop.close") == ["http"]
    assert effects(known, "lib.Client.shop.send_async") == []
    assert effects(known, "lib.Client.shop.orders.send_async") == []
    assert effects(known, "lib.Client.shop.async_send") == ["http"]


def test_an_exact_name_wins_over_a_pattern() -> None:
    known = catalogue(
        group("lib.Client.*"), {"effect": "cpu", "calls": ["lib.Client.hash"]}
    )
    assert effects(known, "lib.Client.hash") == ["cpu"]
    assert effects(known, "lib.Client.get") == ["http"]
    assert known.exact_call("lib.Client.get") == []
    assert [block.effect for block in known.exact_call("lib.Client.hash")] == ["cpu"]
    assert "hash" in known.blocking_names()


def test_groups_of_one_name_add_up() -> None:
    known = catalogue(
        group("lib.go", when={"wait": True}),
        {"effect": "cpu", "calls": ["lib.go"], "unless": {"0": "fast"}},
    )
    first, second = known.call("lib.go")
    assert (first.effect, first.when, first.unless) == ("http", {"wait": True}, {})
    assert (second.effect, second.when, second.unless) == ("cpu", {}, {"0": "fast"})


def test_subclasses_have_what_their_bases_have(shipped: Catalogue) -> None:
    name, bases = next(
        (name, bases)
        for name, bases in shipped.bases.items()
        if name == "sqlmodel.Session"
    )
    assert bases == ("sqlalchemy.orm.Session",)
    assert shipped.lineage(name) == (name, *bases)
    assert shipped.call("sqlmodel.Session.flush") == shipped.call(
        "sqlalchemy.orm.Session.flush"
    )
    assert effects(shipped, "sqlmodel.Session.flush") == ["database"]
    assert shipped.is_class(name)


def test_bases_of_bases_and_circles() -> None:
    known = catalogue(group("lib.Top.get", "lib.Other.*", iterates=["lib.Top"]))
    known.bases.update(
        {
            "lib.Low": ("lib.Middle", "lib.Other"),
            "lib.Middle": ("lib.Top",),
            "lib.Top": ("lib.Low",),
        }
    )
    assert known.lineage("lib.Low") == (
        "lib.Low",
        "lib.Middle",
        "lib.Other",
        "lib.Top",
    )
    assert effects(known, "lib.Low.get") == ["http"]
    assert effects(known, "lib.Low.other") == ["http"]
    block = known.iterating("lib.Low")
    assert block is not None
    assert block.effect == "http"
    assert known.entering("lib.Low") is None


def test_implicit_calls() -> None:
    known = catalogue(
        group(
            iterates=["lib.Rows"],
            enters=["lib.Lock"],
            exits=["lib.File"],
            reads=["lib.Post.author"],
        )
    )

    def effect(block: Block | None) -> str | None:
        return block.effect if block else None

    assert effect(known.iterating("lib.Rows")) == "http"
    assert effect(known.entering("lib.Lock")) == "http"
    assert effect(known.leaving("lib.Lock")) is None
    assert effect(known.leaving("lib.File")) == "http"
    assert effect(known.entering("lib.File")) is None
    assert effect(known.reading("lib.Post.author")) == "http"
    assert effect(known.reading("lib.Post.title")) is None
    assert known.is_class("lib.Post")
    assert not known.is_class("lib.Nothing")


def test_packages_that_need_no_reading(shipped: Catalogue) -> None:
    assert shipped.knows_package("requests.sessions")
    assert shipped.knows_package("pydantic")
    assert not shipped.knows_package("lib")
    assert catalogue(group("lib.go")).knows_package("lib.below")


@pytest.mark.parametrize("effect", ["htpp", "", None, 5, ["http"]])
def test_an_unknown_effect_is_named(effect: object) -> None:
    wrong = {"effect": effect, "calls": ["lib.go"]}
    with pytest.raises(CatalogueError) as error:
        catalogue(wrong)
    message = str(error.value)
    assert message.startswith(f"pyproject.toml: unknown effect {effect!r}; ")
    for known in CALL_EFFECTS:
        assert known in message


def test_a_group_without_an_effect_is_refused() -> None:
    with pytest.raises(CatalogueError, match="unknown effect None"):
        catalogue({"calls": ["lib.go"]})


SERVICE = """\
import lib
from fastapi import FastAPI

app = FastAPI()
chosen = lib.unknown()


@app.get("/")
async def read():
    lib.go()  # 10
    lib.go(wait=True)  # 11
    lib.go(wait=False)  # 12
    lib.go(True)  # 13
    lib.go(wait=True, fast=True)  # 14
    lib.go("quick", wait=True)  # 15
    lib.go("slow", wait=True)  # 16
    lib.go(wait=chosen)  # 17
"""


@pytest.mark.parametrize(
    ("condition", "lines"),
    [
        ("", [10, 11, 12, 13, 14, 15, 16, 17]),
        ("when = { wait = true }", [11, 14, 15, 16]),
        ("unless = { wait = true }", [10, 12, 13, 17]),
        ("unless = { wait = false }", [10, 11, 13, 14, 15, 16, 17]),
        ("when = { 0 = 'quick' }", [15]),
        ("unless = { 0 = 'quick' }", [10, 11, 12, 13, 14, 16, 17]),
        ("when = { wait = true, fast = true }", [14]),
        ("unless = { 0 = 'quick', fast = true }", [10, 11, 12, 13, 16, 17]),
        ("when = { wait = true }\nunless = { fast = true }", [11, 15, 16]),
    ],
)
def test_conditions_in_the_users_own_groups(
    tmp_path: Path, condition: str, lines: list[int]
) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "main.py").write_text(SERVICE)
    (tmp_path / "pyproject.toml").write_text(
        "[tool.roadworthy]\nselect = ['RW306']\ncache = false\n"
        "[[tool.roadworthy.effects]]\n"
        f"effect = 'cpu'\ncalls = ['lib.go']\n{condition}\n"
    )
    settings = load_settings(tmp_path)
    (extra,) = settings.extra_effects
    assert extra["calls"] == ["lib.go"]
    report = engine.run(tmp_path, settings, None)
    assert [finding.line for finding in report.findings] == lines


def test_what_the_user_writes_is_said(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "main.py").write_text(SERVICE)
    (tmp_path / "pyproject.toml").write_text(
        "[tool.roadworthy]\nselect = ['RW301']\ncache = false\n"
        "[[tool.roadworthy.effects]]\neffect = 'http'\ncalls = ['lib.*']\n"
        "why = 'It asks the shop.'\ninstead = '`await lib.ago()`'\n"
        "when = { 0 = 'quick' }\n"
    )
    (finding,) = engine.run(tmp_path, load_settings(tmp_path), None).findings
    assert finding.line == 15
    assert "It asks the shop." in finding.why
    assert "`await lib.ago()`" in finding.instead


def test_callables_that_run_off_the_loop_are_told_by_how(shipped: Catalogue) -> None:
    kinds = {path: known.kind for path, known in shipped.offload.items()}

    assert kinds["asyncio.to_thread"] == "thread"
    assert kinds["asgiref.sync.SyncToAsync"] == "wrapped"
    assert {path for path, kind in kinds.items() if kind == "started"} == {
        "threading.Thread",
        "threading.Timer",
        "multiprocessing.Process",
    }
    assert {path for path, known in shipped.offload.items() if known.is_awaited} == {
        path
        for path, kind in kinds.items()
        if kind in ("thread", "process", "executor")
    }


def test_unknown_kind_of_offload_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "own.toml").write_text('[offload.fibre]\n"x.run" = 0\n')
    monkeypatch.setattr(lookup, "_FOLDER", tmp_path)

    with pytest.raises(CatalogueError, match=r"own\.toml.*'fibre'"):
        Catalogue.load()
