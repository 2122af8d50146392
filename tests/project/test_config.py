"""Settings from `pyproject.toml`, and what is said of faults in it."""

from pathlib import Path

import pytest

from roadworthy.project.config import DEFAULT_TESTS, Settings, load_settings
from roadworthy.project.errors import ConfigurationError


def test_defaults_without_a_file(tmp_path):
    (tmp_path / ".git").mkdir()
    assert load_settings(tmp_path) == Settings(root=tmp_path)
    assert load_settings(tmp_path).tests == DEFAULT_TESTS


def test_reads_every_setting(tree):
    root = tree({"pyproject.toml": """
[tool.roadworthy]
select = ["RW3", "rw601"]
ignore = ["RW304"]
exclude = ["scripts/"]
fail-on = "error"
python = ".venvs/app"
strict = true
cache = false
tests = ["checks/"]

[tool.roadworthy.per-file-ignores]
"app/legacy/*" = ["RW30"]

[[tool.roadworthy.effects]]
effect = "http"
instead = "`await ours.AsyncClient.send(...)`"
calls = ["ours.Client.send"]
when = { wait = true }
"""})
    settings = load_settings(root)
    assert settings.select == ("RW3", "RW601")
    assert settings.ignore == ("RW304",)
    assert settings.exclude == ("scripts/",)
    assert settings.fail_on == "error"
    assert settings.python == root / ".venvs" / "app"
    assert settings.strict is True
    assert settings.use_cache is False
    assert settings.tests == ("checks/",)
    assert settings.per_file_ignores == (("app/legacy/*", ("RW30",)),)
    assert settings.extra_effects[0]["calls"] == ["ours.Client.send"]
    assert settings.config_file == root / "pyproject.toml"


def test_takes_the_nearest_file_that_has_the_table(tree, tmp_path):
    tree(
        {
            "pyproject.toml": '[tool.roadworthy]\nfail-on = "never"\n',
            "svc/pyproject.toml": '[project]\nname = "svc"\n',
            "svc/app/main.py": "",
        }
    )
    assert load_settings(tmp_path / "svc").fail_on == "never"
    assert load_settings(tmp_path / "svc" / "app" / "main.py").fail_on == "never"


def test_does_not_leave_the_repository(tree, tmp_path):
    tree({"pyproject.toml": "not toml", "repo/.git/HEAD": "", "repo/main.py": ""})
    assert load_settings(tmp_path / "repo").config_file is None


def fault(tree, text):
    root = tree({"pyproject.toml": text})
    with pytest.raises(ConfigurationError) as caught:
        load_settings(root)
    assert caught.value.path == str(root / "pyproject.toml")
    assert str(caught.value).startswith(f"{root / 'pyproject.toml'}:")
    return caught.value


@pytest.mark.parametrize(
    ("text", "line", "part"),
    [
        ("[tool.roadworthy]\n\nselekt = []\n", 3, "did you mean `select`?"),
        ("[tool.roadworthy]\nfail_on = 'error'\n", 2, "did you mean `fail-on`?"),
        ("[tool.roadworthy]\nzzz = 1\n", 2, "known are `select`"),
        ("[tool.roadworthy]\nselect = 'RW3'\n", 2, "`select` must be a list of texts"),
        ("[tool.roadworthy]\nselect = ['E501']\n", 2, "`E501` is not a rule"),
        ("[tool.roadworthy]\nfail-on = 'fatal'\n", 2, '"error", "warning"'),
        ("[tool.roadworthy]\nstrict = 'yes'\n", 2, "must be true or false"),
        ("[tool.roadworthy]\npython = 3\n", 2, "the path of a virtual environment"),
        ("[tool]\nroadworthy = 1\n", 2, "must be a table"),
        ("[tool.roadworthy]\neffects = 1\n", 2, "[[tool.roadworthy.effects]]"),
        (
            "[tool.roadworthy]\nper-file-ignores = []\n",
            2,
            "must be a table of patterns",
        ),
        (
            "[tool.roadworthy.per-file-ignores]\n'a.py' = ['RW3']\n'b.py' = 'RW3'\n",
            3,
            "`b.py` must be a list of texts",
        ),
        (
            "[[tool.roadworthy.effects]]\neffect = 'http'\ncalls = ['a.b']\n"
            "[[tool.roadworthy.effects]]\neffect = 'disk'\ncalls = ['a.b']\n",
            5,
            "`effect` must be one of",
        ),
        (
            "[[tool.roadworthy.effects]]\neffect = 'http'\n",
            1,
            "names no call",
        ),
        (
            "[[tool.roadworthy.effects]]\neffect = 'http'\ncall = ['a.b']\n",
            3,
            "did you mean `calls`?",
        ),
    ],
)
def test_names_the_line_and_what_to_do(tree, text, line, part):
    error = fault(tree, text)
    assert part in error.message
    assert error.line == line
    assert not error.broken


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("[project]\nname = 'a'\n[tool.roadworthy\n", 3),
        ("a = 1\nb = \n", 2),
        ('a = """\n\n', 3),
    ],
)
def test_names_the_line_where_the_file_is_not_toml(tree, text, line):
    error = fault(tree, text)
    assert error.broken
    assert error.line == line
    assert error.message.startswith("not TOML: ")


def test_names_a_file_that_is_not_utf8(tmp_path):
    (tmp_path / "pyproject.toml").write_bytes(b"[project]\nname = '\xff'\n")
    with pytest.raises(ConfigurationError) as caught:
        load_settings(tmp_path)
    assert caught.value.broken
    assert caught.value.line == 2
    assert "UTF-8" in caught.value.message


def test_patterns_are_relative_to_the_file_that_holds_them(tmp_path):
    file = tmp_path / "pyproject.toml"
    assert Settings(Path("svc"), config_file=file).base == tmp_path
    assert Settings(tmp_path).base == tmp_path
