"""Which files are found."""

import os
import sys
from pathlib import Path

import pytest

from roadworthy.project.discovery import discover
from roadworthy.project.errors import ProjectError


def names(discovery):
    return [file.relative for file in discovery.files]


def test_finds_python_files_in_order_with_size_and_time(tree):
    root = tree({"b.py": "x = 1\n", "a/c.py": "", "a/notes.txt": "", "a/d.pyi": ""})
    found = discover(root)
    assert names(found) == ["a/c.py", "b.py"]
    status = (root / "b.py").stat()
    assert (found.files[1].size, found.files[1].mtime_ns) == (6, status.st_mtime_ns)
    assert found.files[1].path == root / "b.py"


@pytest.mark.parametrize(
    "folder",
    [
        ".git",
        ".tox",
        ".venv",
        "__pycache__",
        "build",
        "dist",
        "lib/site-packages",
        "node_modules",
        "thing.egg-info",
        "venv",
    ],
)
def test_leaves_out_what_is_no_source(tree, folder):
    assert names(discover(tree({f"{folder}/x.py": "", "app.py": ""}))) == ["app.py"]


def test_keeps_a_package_that_is_called_build(tree):
    root = tree({"app/build/__init__.py": "", "app/build/api.py": ""})
    assert names(discover(root)) == ["app/build/__init__.py", "app/build/api.py"]


def test_leaves_out_a_virtual_environment_of_any_name(tree):
    root = tree({"py312/pyvenv.cfg": "home = /usr/bin\n", "py312/x.py": "", "a.py": ""})
    assert names(discover(root)) == ["a.py"]


def test_honours_gitignore_of_every_level(tree):
    root = tree(
        {
            ".gitignore": "generated/\n*_pb2.py\n",
            "app/.gitignore": "!kept_pb2.py\n/local.py\n",
            "app/kept_pb2.py": "",
            "app/other_pb2.py": "",
            "app/local.py": "",
            "app/api/local.py": "",
            "app/generated/x.py": "",
        }
    )
    # The second file's `/local.py` speaks of its own folder only.
    assert names(discover(root)) == [
        "app/api/local.py",
        "app/kept_pb2.py",
    ]


def test_honours_gitignore_above_the_folder_up_to_the_repository(tree, tmp_path):
    tree(
        {
            ".gitignore": "*.py\n",
            "repo/.git/info/exclude": "private.py\n",
            "repo/.gitignore": "backend/old/\nsecret.py\n",
            "repo/backend/old/x.py": "",
            "repo/backend/app.py": "",
            "repo/backend/secret.py": "",
            "repo/backend/private.py": "",
        }
    )
    assert names(discover(tmp_path / "repo" / "backend")) == ["app.py"]


def test_checks_an_ignored_folder_that_is_named_outright(tree, tmp_path):
    tree({".git/HEAD": "", ".gitignore": "vendor/\n", "vendor/lib/x.py": ""})
    assert names(discover(tmp_path)) == []
    assert names(discover(tmp_path / "vendor")) == ["lib/x.py"]
    assert names(discover(tmp_path / "vendor" / "lib")) == ["x.py"]


def test_exclude_takes_patterns_relative_to_the_configuration(tree, tmp_path):
    tree({"svc/scripts/a.py": "", "svc/app/scripts/b.py": "", "svc/app/c.py": ""})
    root = tmp_path / "svc"
    assert names(discover(root, ["/scripts"])) == ["app/c.py", "app/scripts/b.py"]
    assert names(discover(root, ["scripts/"])) == ["app/c.py"]
    assert names(discover(root, ["/svc/app"], tmp_path)) == ["scripts/a.py"]


def test_exclude_cannot_be_undone_by_gitignore(tree):
    root = tree({".gitignore": "!a.py\n", "a.py": "", "b.py": ""})
    assert names(discover(root, ["a.py"])) == ["b.py"]


def test_takes_a_single_file_whatever_its_name(tree):
    root = tree({"handler": "", "other.py": ""})
    found = discover(root / "handler")
    assert names(found) == ["handler"]
    assert found.root == root


def test_link_to_a_folder_above_ends(tree):
    root = tree({"app/main.py": ""})
    (root / "app" / "again").symlink_to(root, target_is_directory=True)
    (root / "app" / "self").symlink_to("self")
    (root / "app" / "self.py").symlink_to("self.py")
    found = discover(root)
    assert names(found) == ["app/main.py"]


def test_follows_links_inside_the_repository_only(tree, tmp_path):
    tree(
        {
            "outside/secret.py": "",
            "repo/.git/HEAD": "",
            "repo/shared/db.py": "",
            "repo/svc/main.py": "",
        }
    )
    root = tmp_path / "repo" / "svc"
    (root / "shared").symlink_to("../shared")
    (root / "shared_too").symlink_to("../shared")
    (root / "stolen").symlink_to(tmp_path / "outside")
    (root / "stolen.py").symlink_to(tmp_path / "outside" / "secret.py")
    found = names(discover(root))
    assert len(found) == 2
    assert found[0] == "main.py"
    assert found[1] in ("shared/db.py", "shared_too/db.py")


@pytest.mark.skipif(
    sys.platform == "win32" or os.geteuid() == 0, reason="the superuser reads all"
)
def test_tells_of_folders_that_cannot_be_read(tree):
    root = tree({"app/main.py": "", "locked/x.py": ""})
    (root / "locked").chmod(0)
    try:
        found = discover(root)
    finally:
        (root / "locked").chmod(0o755)
    assert names(found) == ["app/main.py"]
    assert [(u.path, u.line) for u in found.unread] == [("locked", 1)]
    assert "permission denied" in found.unread[0].message


def test_tells_of_folders_that_fail_while_they_are_read(tree, monkeypatch):
    root = tree({"app/main.py": "", "gone/x.py": ""})
    scandir = os.scandir

    def failing(path):
        if str(path).endswith("gone"):
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", failing)
    found = discover(root)
    assert names(found) == ["app/main.py"]
    assert "gone" in found.unread[0].path
    assert "permission denied" in found.unread[0].message


def test_walks_folders_nested_deeper_than_python_recurses(tmp_path):
    deep = tmp_path
    for _ in range(300):
        deep = deep / "d"
    deep.mkdir(parents=True)
    (deep / "x.py").touch()
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(200)
    try:
        found = discover(tmp_path)
    finally:
        sys.setrecursionlimit(limit)
    assert names(found) == ["d/" * 300 + "x.py"]


def test_names_a_path_that_does_not_exist(tmp_path):
    with pytest.raises(ProjectError, match=r"nowhere: no such file or folder"):
        discover(tmp_path / "nowhere")


def test_notes_the_folders_of_projects(tree):
    root = tree(
        {
            "pyproject.toml": "",
            "services/a/pyproject.toml": "",
            "services/b/setup.py": "",
        }
    )
    assert discover(root).project_folders == ("", "services/a", "services/b")


def test_files_below_a_relative_path_are_named_from_the_top(tree, monkeypatch):
    root = tree({"a/c.py": ""})
    monkeypatch.chdir(root)
    for given in (Path(), Path("a"), Path("a/c.py"), Path("a/../a")):
        (file,) = discover(given).files
        assert file.path == root / "a" / "c.py"
