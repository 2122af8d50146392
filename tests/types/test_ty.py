"""What the installed ty answers on a small project."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from roadworthy.types import Question, Target, TyEngine, TypeEngineUnavailable, launch

SERVICE = """\
import shutil
import time
from pathlib import Path
from shop.models import Basket, Order


def pay(basket: Basket, order: Order, either: Basket | Order, unknown):
    basket.total()
    either.total()
    time.sleep(1)
    Path("x").read_text()
    shutil.copy("a", "b")
    unknown.total()
    name = "\N{SHOPPING TROLLEY}"; order.total()
"""

MODELS = """\
class Basket:
    def total(self) -> int:
        return 1


class Order:
    def total(self) -> str:
        return "1"
"""

# Each of these would cost answers if the server heeded it.
CONFIGURATION = """\
[project]
name = "shop"
requires-python = ">=3.10"

[tool.ty.environment]
python = "no-such-environment"
root = ["no-such-folder"]

[tool.ty.src]
exclude = ["shop"]
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("project")
    (root / "shop").mkdir()
    (root / "shop" / "__init__.py").touch()
    (root / "shop" / "service.py").write_text(SERVICE, encoding="utf-8")
    (root / "shop" / "models.py").write_text(MODELS)
    (root / "pyproject.toml").write_text(CONFIGURATION)
    return root


@pytest.fixture(scope="module")
def engine(project: Path) -> Iterator[TyEngine]:
    with TyEngine(project, python=Path(sys.executable)) as engine:
        yield engine


def at(project: Path, text: str, name: str, source: str = SERVICE) -> Question:
    """Ask about `name` on the first line of the service that has `text`."""
    for number, line in enumerate(source.splitlines(), 1):
        if text in line:
            column = line.index(text) + text.index(name) + 1
            return Question(str(project / "shop" / "service.py"), number, column)
    raise AssertionError(f"no line has {text!r}")


def model(project: Path, line: int, column: int) -> Target:
    return Target(str(project / "shop" / "models.py"), line, column)


def test_a_method_leads_to_its_definition(engine: TyEngine, project: Path) -> None:
    question = at(project, "basket.total()", "total")
    assert engine.definitions([question]) == [(model(project, 2, 9),)]


def test_a_union_leads_to_each_member(engine: TyEngine, project: Path) -> None:
    (targets,) = engine.definitions([at(project, "either.total()", "total")])
    assert set(targets) == {model(project, 2, 9), model(project, 7, 9)}


def test_columns_count_characters_beyond_the_basic_plane(
    engine: TyEngine, project: Path
) -> None:
    question = at(project, "order.total()", "total")
    assert engine.definitions([question]) == [(model(project, 7, 9),)]


def test_an_unknown_value_leads_nowhere(engine: TyEngine, project: Path) -> None:
    question = at(project, "unknown.total()", "total")
    assert engine.definitions([question]) == [()]
    assert engine.type_definitions([question]) == [()]
    assert engine.hover_types([question]) == ["Unknown"]


def test_places_outside_of_any_file_lead_nowhere(
    engine: TyEngine, project: Path
) -> None:
    here = str(project / "shop" / "models.py")
    asked = [Question(here, 9999, 1), Question(str(project / "none.py"), 1, 1)]
    assert engine.definitions(asked) == [(), ()]


def test_a_function_in_c_leads_to_its_stub(engine: TyEngine, project: Path) -> None:
    ((target,),) = engine.definitions([at(project, "time.sleep", "sleep")])
    assert (target.module, target.is_stub) == ("time", True)
    line = Path(target.path).read_text().splitlines()[target.line - 1]
    assert line[target.column - 1 :].startswith("sleep(")


def test_the_standard_library_is_followed_into_its_code(
    engine: TyEngine, project: Path
) -> None:
    question = at(project, "shutil.copy", "copy")
    ((target,),) = engine.definitions([question])
    assert (target.module, target.is_stub) == ("shutil", False)


def test_a_declaration_is_the_same_for_every_interpreter(
    engine: TyEngine, project: Path
) -> None:
    (targets,) = engine.declarations([at(project, "read_text", "read_text")])
    assert {(target.module, target.is_stub) for target in targets} == {
        ("pathlib", True)
    }


def test_a_value_leads_to_its_class(engine: TyEngine, project: Path) -> None:
    question = at(project, "basket.total()", "basket")
    assert engine.type_definitions([question]) == [(model(project, 1, 7),)]


def test_types_are_told_without_documentation(engine: TyEngine, project: Path) -> None:
    asked = [at(project, "basket.total()", "basket"), at(project, "time.sleep", "time")]
    assert engine.hover_types(asked) == ["Basket", "<module 'time'>"]


def test_answers_keep_the_order_of_many_questions(
    engine: TyEngine, project: Path
) -> None:
    basket = at(project, "basket.total()", "total")
    order = at(project, "order.total()", "total")
    expected = [(model(project, 2, 9),), (model(project, 7, 9),)]
    assert engine.definitions([basket, order] * 100) == expected * 100
    assert engine.definitions([]) == []


def test_an_overlay_stands_for_the_file_until_it_is_taken_back(
    engine: TyEngine, project: Path
) -> None:
    question = at(project, "unknown.total()", "total")
    for kind, line in (("Basket", 2), ("Order", 7)):
        text = SERVICE.replace("unknown):", f"unknown: {kind}):")
        engine.overlay(question.path, text)
        assert engine.definitions([question]) == [(model(project, line, 9),)]
    engine.overlay(question.path, None)
    assert engine.definitions([question]) == [()]


def test_overlays_outlive_the_server(project: Path) -> None:
    question = at(project, "unknown.total()", "total")
    with TyEngine(project, python=Path(sys.executable)) as engine:
        engine.overlay(question.path, SERVICE.replace("unknown):", "unknown: Order):"))
        assert engine.definitions([question]) == [(model(project, 7, 9),)]
        assert engine.process is not None
        os.kill(engine.process, 9)
        assert engine.definitions([question]) == [(model(project, 7, 9),)]


def test_an_overlay_before_the_first_question_is_seen_by_a_prefetch(
    project: Path,
) -> None:
    question = at(project, "unknown.total()", "total")
    with TyEngine(project) as engine:
        engine.overlay(question.path, SERVICE.replace("unknown):", "unknown: Order):"))
        engine.prefetch([question])
        assert engine.definitions([question]) == [(model(project, 7, 9),)]


def test_source_roots_are_where_imports_start(tmp_path: Path) -> None:
    package = tmp_path / "backend" / "deep" / "shop"
    package.mkdir(parents=True)
    (package / "models.py").write_text(MODELS)
    main = tmp_path / "main.py"
    main.write_text("from shop.models import Basket\nBasket().total()\n")
    question = Question(str(main), 2, 10)
    with TyEngine(tmp_path) as engine:
        assert engine.definitions([question]) == [()]
    with TyEngine(tmp_path, source_roots=[package.parent]) as engine:
        expected = Target(str(package / "models.py"), 2, 9)
        assert engine.definitions([question]) == [(expected,)]


def test_the_python_version_decides_between_branches(tmp_path: Path) -> None:
    main = tmp_path / "main.py"
    main.write_text(
        "import sys\n"
        "if sys.version_info >= (3, 12):\n"
        "    value = 1\n"
        "else:\n"
        '    value = "1"\n'
        "value\n"
    )
    kinds = []
    for version in ("3.10", "3.13"):
        with TyEngine(tmp_path, python_version=version) as engine:
            (kind,) = engine.hover_types([Question(str(main), 6, 1)])
            kinds.append((kind or "").split("[")[-1])
    assert kinds[0] != kinds[1]


@pytest.mark.skipif(os.name == "nt", reason="ty's cache lies elsewhere on Windows")
def test_stubs_are_found_where_the_cache_cannot_be_written(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocked = tmp_path / "file"
    blocked.touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(blocked))
    with TyEngine(project) as engine:
        ((target,),) = engine.definitions([at(project, "time.sleep", "sleep")])
        assert target.module == "time"
        assert Path(target.path).is_file()
    assert not Path(target.path).exists()


@pytest.mark.skipif(os.name == "nt", reason="PATH is searched otherwise on Windows")
def test_a_missing_ty_is_told_with_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "bin" / "python"))
    monkeypatch.setitem(sys.modules, "ty", None)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(TypeEngineUnavailable, match="pip install"):
        launch.find_ty(tmp_path / "project")
    ty = tmp_path / "ty"
    ty.touch(0o755)
    assert launch.find_ty(tmp_path / "project") == ty
    # A ty that came with the checked project is not run.
    with pytest.raises(TypeEngineUnavailable, match="pip install"):
        launch.find_ty(tmp_path)
