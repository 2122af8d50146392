"""Where the virtual environment is found, and what is said where it is not."""

import sys

import pytest

from roadworthy.project.environment import find_environment

pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="the folders are laid out as on Unix"
)


@pytest.fixture
def make(tmp_path):
    def environment(name, version="3.12", extra=""):
        prefix = tmp_path / name
        packages = prefix / "lib" / f"python{version}" / "site-packages"
        packages.mkdir(parents=True)
        (prefix / "bin").mkdir()
        (prefix / "bin" / "python").touch()
        (prefix / "pyvenv.cfg").write_text(f"version_info = {version}.1\n{extra}")
        return prefix

    return environment


def test_finds_dot_venv_in_a_folder_above(make, tmp_path):
    prefix = make(".venv")
    root = tmp_path / "backend" / "app"
    root.mkdir(parents=True)
    found, note = find_environment(root, None, {})
    assert note is None
    assert found.prefix == prefix
    assert found.origin == ".venv"
    assert found.python_version == (3, 12)
    assert found.site_packages == (prefix / "lib/python3.12/site-packages",)
    assert found.interpreter == prefix / "bin" / "python"


def test_the_flag_wins_over_the_shell_and_the_shell_over_the_folder(make, tmp_path):
    given, active, own = make("given"), make("active"), make(".venv")
    shell = {"VIRTUAL_ENV": str(active)}
    assert find_environment(tmp_path, given, shell)[0].prefix == given
    assert find_environment(tmp_path, None, shell)[0].prefix == active
    assert find_environment(tmp_path, None, {})[0].prefix == own


def test_takes_an_interpreter_for_its_environment(make, tmp_path):
    prefix = make("given")
    found, _ = find_environment(tmp_path, prefix / "bin" / "python", {})
    assert found.prefix == prefix


def test_takes_conda_unless_it_is_the_base(tmp_path):
    (tmp_path / ".git").mkdir()
    packages = tmp_path / "conda" / "lib" / "python3.11" / "site-packages"
    packages.mkdir(parents=True)
    shell = {"CONDA_PREFIX": str(tmp_path / "conda"), "CONDA_DEFAULT_ENV": "shop"}
    found, _ = find_environment(tmp_path, None, shell)
    assert found.site_packages == (packages,)
    assert found.python_version == (3, 11)
    shell["CONDA_DEFAULT_ENV"] = "base"
    assert find_environment(tmp_path, None, shell)[0] is None


def test_says_in_one_line_what_is_lost_without_any(tmp_path):
    (tmp_path / ".git").mkdir()
    found, note = find_environment(tmp_path, None, {})
    assert found is None
    assert "no virtual environment found" in note
    assert "may be missed" in note
    assert "\n" not in note


def test_says_what_is_wrong_with_the_one_that_was_named(make, tmp_path):
    make(".venv")
    found, note = find_environment(tmp_path, tmp_path / "nowhere", {})
    # Who names one wants that one; another would give other answers unnoticed.
    assert found is None
    assert f"--python {tmp_path / 'nowhere'}: no such file or folder" in note


def test_passes_over_a_stale_shell_variable_and_says_so(make, tmp_path):
    prefix = make(".venv")
    found, note = find_environment(tmp_path, None, {"VIRTUAL_ENV": "/gone/away"})
    assert found.prefix == prefix
    assert note.startswith("VIRTUAL_ENV /gone/away: no such file or folder")


def test_says_that_an_environment_is_broken(tmp_path):
    (tmp_path / ".git").mkdir()
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv" / "pyvenv.cfg").write_text("home = /usr/bin\n")
    found, note = find_environment(tmp_path, None, {})
    assert found is None
    assert "this virtual environment is broken" in note


def test_follows_editable_installs(make, tmp_path):
    prefix = make(".venv")
    packages = prefix / "lib/python3.12/site-packages"
    for name in ("one/src", "two/src/pkg", "beside"):
        (tmp_path / name).mkdir(parents=True)
    (packages / "_one.pth").write_text(f"{tmp_path}/one/src\nimport os; boom()\n# x\n")
    (packages / "_gone.pth").write_text("/nowhere/at/all\n\x00bad\n")
    (packages / "__editable___two_finder.py").write_text(
        f"MAPPING: dict[str, str] = {{'pkg': '{tmp_path}/two/src/pkg'}}\n"
        "NAMESPACES = {}\n"
    )
    (packages / "__editable___bad_finder.py").write_text("MAPPING = {call()}\n")
    found, _ = find_environment(tmp_path, None, {})
    assert set(found.editable) == {tmp_path / "one/src", tmp_path / "two/src"}


def test_adds_the_systems_packages_where_the_environment_does(make, tmp_path):
    system = tmp_path / "usr" / "lib" / "python3" / "dist-packages"
    system.mkdir(parents=True)
    home = f"home = {tmp_path}/usr/bin\ninclude-system-site-packages = true\n"
    prefix = make(".venv", extra=home)
    found, _ = find_environment(tmp_path, None, {})
    assert found.site_packages == (prefix / "lib/python3.12/site-packages", system)
