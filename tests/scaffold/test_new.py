"""`roadworthy new`: a copy of the template with its names and secret, or nothing."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import black
import pytest

from roadworthy import cli
from roadworthy.scaffold import project
from roadworthy.scaffold.project import TEMPLATE, template_files
from scaffold.conftest import contents

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


def new(tmp_path: Path, *words: str) -> int:
    return cli.main(["new", *words, "--path", str(tmp_path)])


def test_a_service_is_the_template_but_for_its_names(tmp_path: Path) -> None:
    assert new(tmp_path, "my-shop") == 0
    made = contents(tmp_path / "my-shop")
    assert set(made) == {*template_files(), ".env"}
    differing = {
        path
        for path in template_files()
        if made[path] != (TEMPLATE / path).read_bytes()
    }
    expected = {each.path for each in project.substitutions("my-shop", "sqlite")}
    assert differing == expected
    tables = tomllib.loads(made["pyproject.toml"].decode())
    assert tables["project"]["name"] == "my-shop"
    assert b'app_name: str = "My shop"' in made["app/core/settings.py"]


@pytest.mark.parametrize(
    ("database", "driver", "url"),
    [
        ("sqlite", "aiosqlite", "sqlite+aiosqlite:///./shop.db"),
        (
            "postgres",
            "asyncpg",
            "postgresql+asyncpg://postgres:postgres@localhost:5432/shop",
        ),
        ("mysql", "aiomysql", "mysql+aiomysql://root:root@localhost:3306/shop"),
    ],
)
def test_the_database_changes_default_and_driver_alone(
    tmp_path: Path, database: str, driver: str, url: str
) -> None:
    assert new(tmp_path, "shop") == 0
    plain = contents(tmp_path / "shop")
    (tmp_path / "other").mkdir()
    assert new(tmp_path / "other", "shop", "--database", database) == 0
    made = contents(tmp_path / "other" / "shop")
    assert f'"{url}"'.encode() in made["app/core/settings.py"]
    project_table = tomllib.loads(made["pyproject.toml"].decode())["project"]
    drivers = ("aiosqlite", "asyncpg", "aiomysql")
    names = [re.split(r"[<>=\[ ]", each)[0] for each in project_table["dependencies"]]
    assert [name for name in names if name in drivers] == [driver]
    differing = {path for path in made if made[path] != plain[path]} - {".env"}
    assert differing == (
        set()
        if database == "sqlite"
        else {"pyproject.toml", "app/core/settings.py", ".env.example"}
    )


@pytest.mark.parametrize("database", ["sqlite", "postgres", "mysql"])
@pytest.mark.parametrize("length", [6, 9, 28, 40])
def test_a_long_name_leaves_the_settings_formatted(
    tmp_path: Path, database: str, length: int
) -> None:
    name = "s" * length
    assert new(tmp_path, name, "--database", database) == 0
    text = (tmp_path / name / "app/core/settings.py").read_text()
    assert black.format_str(text, mode=black.Mode()) == text


def test_every_service_has_a_secret_of_its_own(tmp_path: Path) -> None:
    assert new(tmp_path, "one") == new(tmp_path, "two") == 0
    found = []
    for name in ("one", "two"):
        path = tmp_path / name / ".env"
        match = re.search(r"^SECRET_KEY=(\S{64})$", path.read_text(), re.MULTILINE)
        assert match
        assert path.stat().st_mode & 0o077 == 0
        found.append(match[1])
    assert found[0] != found[1]
    assert b".env\n" in (tmp_path / "one" / ".gitignore").read_bytes()


def test_kubernetes_objects_have_the_name_and_underscores_none(tmp_path: Path) -> None:
    assert new(tmp_path, "my_shop") == 0
    for path in (tmp_path / "my_shop" / "k8s").glob("*.yaml"):
        text = path.read_text()
        assert "my-shop" in text
        assert "my_shop" not in text
        assert not re.search(r"(name|app|image): service\b", text)


def test_an_empty_folder_is_filled(tmp_path: Path) -> None:
    (tmp_path / "shop").mkdir()
    assert new(tmp_path, "shop") == 0
    assert (tmp_path / "shop" / "dev.py").is_file()


def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path, capsys) -> None:
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / ".hidden").write_text("mine")
    assert new(tmp_path, "shop") == 2
    assert "is not empty" in capsys.readouterr().err
    assert contents(tmp_path) == {"shop/.hidden": b"mine"}


def test_a_file_or_link_in_its_place_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "shop").write_text("mine")
    (tmp_path / "store").symlink_to(tmp_path / "nowhere")
    assert new(tmp_path, "shop") == 2
    assert new(tmp_path, "store") == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["shop", "store"]


def test_a_missing_parent_is_said(tmp_path: Path, capsys) -> None:
    assert new(tmp_path / "nowhere", "shop") == 2
    assert "there is no folder" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("", "cannot be the name"),
        ("My Shop", "`my-shop` would do"),
        ("9lives", "`lives` would do"),
        ("a/b", "cannot be the name"),
        ("../b", "cannot be the name"),
        ("-x", "cannot be the name|required"),
        ("shop-", "`shop` would do"),
        ("a--b", "`a-b` would do"),
        ("größe", "cannot be the name"),
        ("a" * 41, "41 characters"),
        ("class", "keyword"),
        ("json", "Python's own library"),
        ("fastapi", "needs"),
        ("pwdlib", "needs"),
        ("python-multipart", "needs"),
        ("starlette", "needs"),
        ("black", "package"),
        ("app", "folder within"),
        ("tests", "folder within"),
        ("nul", "Windows"),
    ],
)
def test_bad_names_are_refused(tmp_path: Path, capsys, name: str, message: str) -> None:
    try:
        status = new(tmp_path, name)
    except SystemExit as stop:
        status = int(stop.code or 0)
    assert status == 2
    assert re.search(message, capsys.readouterr().err)
    assert not list(tmp_path.iterdir())


def test_a_failure_halfway_leaves_nothing(tmp_path: Path, monkeypatch, capsys) -> None:
    write = Path.write_bytes
    calls = []

    def fail(path: Path, content: bytes) -> int:
        calls.append(path)
        if len(calls) == 20:
            raise OSError(28, "No space left on device", str(path))
        return write(path, content)

    monkeypatch.setattr(Path, "write_bytes", fail)
    assert new(tmp_path, "shop") == 2
    assert "No space left" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())
