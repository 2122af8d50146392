"""`roadworthy add resource` on a copy of the template: what is written and refused."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from roadworthy.scaffold import plan
from roadworthy.scaffold.layout import read_layout
from roadworthy.scaffold.project import TEMPLATE
from roadworthy.scaffold.render.source import style_of
from roadworthy.scaffold.resource import parse_resource
from scaffold.conftest import Run, contents

ITEM = ("item", "title:str(200):unique", "description:text:optional")


@pytest.mark.parametrize(
    "path",
    [
        "app/models/item.py",
        "app/schemas/item.py",
        "app/crud/item.py",
        "app/services/item.py",
        "app/api/v1/items.py",
        "alembic/versions/0002_create_items.py",
    ],
)
def test_the_items_of_the_template_are_what_is_generated(path: str) -> None:
    layout = read_layout(TEMPLATE)
    resource = parse_resource(ITEM[0], ITEM[1:], layout=layout)
    written = plan._files(resource, layout, style_of(TEMPLATE))
    assert written[path] == (TEMPLATE / path).read_text()


def test_a_second_run_changes_nothing(service: Path, add: Run, capsys) -> None:
    words = ("article", "title:str:unique", "author:user", "count:int=1")
    assert add(*words) == 0
    before = contents(service)
    capsys.readouterr()
    assert add(*words) == 0
    assert contents(service) == before
    assert "nothing to do" in capsys.readouterr().out


def test_a_second_run_after_another_resource_changes_nothing(
    service: Path, add: Run
) -> None:
    assert add("article", "title:str") == 0
    assert add("comment", "article:article", "body:text") == 0
    before = contents(service)
    assert add("article", "title:str") == 0
    assert contents(service) == before


def test_a_second_run_completes_what_is_missing(service: Path, add: Run) -> None:
    assert add("article", "title:str") == 0
    before = contents(service)
    (service / "app/crud/article.py").unlink()
    assert add("article", "title:str") == 0
    assert contents(service) == before


def test_a_differing_run_is_refused_and_changes_nothing(
    service: Path, add: Run, capsys
) -> None:
    assert add("article", "title:str") == 0
    before = contents(service)
    assert add("article", "title:str", "body:text") == 2
    assert contents(service) == before
    error = capsys.readouterr().err
    assert "is there already, and differs" in error
    assert "app/models/article.py" in error


def test_edits_leave_the_rest_of_a_file_as_it_is(service: Path, add: Run) -> None:
    before = contents(service)
    assert add("article", "title:str:unique", "price:decimal", "--shared") == 0
    edited = {
        path
        for path, content in contents(service).items()
        if path in before and before[path] != content
    }
    assert edited == {
        "app/api/v1/__init__.py",
        "app/core/scopes.py",
        "app/models/__init__.py",
        "tests/factories.py",
    }
    for path in edited - {"tests/factories.py"}:
        new = (service / path).read_text()
        removed = [
            line for line in before[path].decode().splitlines() if line not in new
        ]
        # Lines that hold a list of names grow; no other line changes.
        assert all(
            "import" in line or "__all__" in line or "ADMIN" in line for line in removed
        )


def test_a_comment_and_crlf_survive(service: Path, add: Run) -> None:
    path = service / "app/models/__init__.py"
    text = path.read_text() + "# Ours: größe\n"
    path.write_bytes(text.replace("\n", "\r\n").encode())
    assert add("article", "title:str") == 0
    after = path.read_bytes().decode()
    assert "# Ours: größe\r\n" in after
    assert after.count("\r\n") == after.count("\n")


def test_the_migration_follows_the_newest(service: Path, add: Run) -> None:
    versions = service / "alembic" / "versions"
    (versions / "9f1c.py").write_text('revision = "9f1c0a"\ndown_revision = "0002"\n')
    assert add("article", "title:str") == 0
    (new,) = versions.glob("*_create_articles.py")
    assert 'down_revision: str | None = "9f1c0a"' in new.read_text()


def test_several_heads_are_refused(service: Path, add: Run, capsys) -> None:
    versions = service / "alembic" / "versions"
    (versions / "a.py").write_text('revision = "a"\ndown_revision = "0001"\n')
    assert add("article", "title:str") == 2
    assert "alembic merge heads" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("item", "name:str"), "is there already, and differs"),
        (("user", "name:str"), "uses? that name"),
        (("page", "name:str"), "taken|uses? that name"),
        (("refresh_token", "name:str"), "is there already, and differs"),
        (("auth", "name:str"), "taken"),
        (("health", "name:str"), "taken"),
        (("row", "name:str"), "uses? that name"),
        (("status", "name:str"), "uses? that name"),
        (("field", "name:str"), "uses? that name"),
        (("book", "name:str", "--plural", "items"), "there is a table `items`"),
        (("book", "name:str", "--plural", "users"), "accounts|table `users`"),
        (("book", "name:str", "--plural", "auth"), "taken"),
        (("article", "a:user", "a_id:int"), "both be the column `a_id`"),
        (("article", "a:str", "a:text"), "both be the column `a`"),
        (("article", "a:usr"), "did you mean `user`"),
        (("article", "a:article"), "has to be `optional`"),
        (("article", "t:str", "a:article:optional:unique"), "cannot be `unique`"),
        (("article", "a:refresh_token"), r"make_refresh_token\(session, owner\)"),
        (("article", "a:user:unique"), "to an account cannot be `unique`"),
        (("article", "a:item:unique:optional"), "optional cannot be `unique`"),
        (("article", "a:json"), "not `json`"),
        (("a" * 38, "b" * 30 + ":str"), "too long together"),
    ],
)
def test_refused_with_nothing_changed(
    service: Path, add: Run, capsys, words: tuple[str, ...], message: str
) -> None:
    before = contents(service)
    assert add(*words) == 2
    error = capsys.readouterr().err
    assert error.startswith("roadworthy: ")
    assert re.search(message, error), error
    assert contents(service) == before


def test_a_folder_of_another_layout_is_refused(tmp_path: Path, capsys) -> None:
    from roadworthy import cli

    words = ["add", "resource", "a_b", "c:str", "--path", str(tmp_path)]
    assert cli.main(words) == 2
    assert "is not a service of this layout" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_a_file_that_is_no_python_is_named_with_its_line(
    service: Path, add: Run, capsys
) -> None:
    (service / "app/models/bad.py").write_text("x = 1\nclass :\n")
    assert add("article", "title:str") == 2
    assert "app/models/bad.py:2" in capsys.readouterr().err


def test_diff_shows_and_changes_nothing(service: Path, add: Run, capsys) -> None:
    before = contents(service)
    assert add("article", "title:str", "--diff") == 0
    assert contents(service) == before
    out = capsys.readouterr().out
    assert "+++ b/app/models/article.py" in out
    assert "+from app.models.article import Article" in out


def test_a_failure_halfway_leaves_what_was_there(
    service: Path, add: Run, monkeypatch, capsys
) -> None:
    before = contents(service)
    write = plan._write
    calls = []

    def fail(path: Path, content: bytes) -> None:
        calls.append(path)
        if len(calls) == 8:
            raise OSError(28, "No space left on device", str(path))
        write(path, content)

    monkeypatch.setattr(plan, "_write", fail)
    assert add("article", "title:str") == 2
    assert contents(service) == before
    assert "nothing was changed" in capsys.readouterr().err


def test_the_project_is_never_imported(service: Path, add: Run) -> None:
    path = service / "app/models/item.py"
    path.write_text(path.read_text() + "\nraise SystemExit(3)\n")
    assert add("article", "title:str", "item:item:optional") == 0


@pytest.mark.parametrize(
    "words",
    [
        ("news", "title:str"),
        ("quite_a_long_name_for_one", "a_field_with_a_name:str:unique"),
        ("state", "state:enum(state,text)", "text:text", "title:str(1):unique"),
        ("tag", "label:str:unique", "user:user", "--shared"),
        ("uuid_holder", "uuid:uuid", "date:date", "datetime:datetime:optional"),
        ("decimal_holder", "decimal:decimal(1,1)", "field:float", "page_id:int"),
    ],
)
def test_odd_names_give_valid_modules(
    service: Path, add: Run, words: tuple[str, ...]
) -> None:
    assert add(*words) == 0
    for path in service.rglob("*.py"):
        ast.parse(path.read_text(), str(path))
        if "create_" not in path.name:
            assert max(map(len, path.read_text().splitlines() or [""])) <= 88, path
