"""Patterns of `.gitignore`, held against git itself."""

import shutil
import subprocess

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from roadworthy.project.patterns import parse_patterns

FILES = [
    "a.py",
    "b/a.py",
    "b/c/a.py",
    "b/c/d.txt",
    "build/x.py",
    "src/build/x.py",
    "foo[1].py",
    "sp ace.py",
    "trail ",
    "!bang.py",
    "#hash.py",
    "x.pyc",
    "né.py",
]
FOLDERS = sorted(
    {"/".join(f.split("/")[:n]) for f in FILES for n in range(1, f.count("/") + 1)}
)
PATTERNS = [
    "a.py",
    "/a.py",
    "b/a.py",
    "*.py",
    "b/*",
    "b/**",
    "**/c",
    "**/a.py",
    "b/**/a.py",
    "build/",
    "/build",
    "!a.py",
    "*.py\n!b/c/a.py",
    "foo[[]1].py",
    "[a-c].py",
    "[!a].py",
    "[^a].py",
    "?.py",
    "sp\\ ace.py",
    "trail\\ ",
    "trail ",
    "\\!bang.py",
    "\\#hash.py",
    "# a.py",
    "*.py[co]",
    "b/c/",
    "c/",
    "c/a.py",
    "/*/a.py",
    "**",
    "b**",
    "[a",
    "a.py/",
    "né.*",
    "",
    "/",
    "!",
]


def by_git(folder, patterns):
    """Return the paths that git itself excludes, as whole paths, not through parents."""
    (folder / ".gitignore").write_text(patterns + "\n", encoding="utf-8")
    answer = subprocess.run(
        ["git", "check-ignore", "--no-index", "-z", "-v", "-n", "--stdin"],
        cwd=folder,
        input="\0".join(FILES + FOLDERS),
        capture_output=True,
        text=True,
        check=False,
    )
    fields = answer.stdout.split("\0")
    rows = [fields[i : i + 4] for i in range(0, len(fields) - 3, 4)]
    return {path for _, _, pattern, path in rows if pattern and pattern[0] != "!"}


def by_roadworthy(patterns):
    ignore = parse_patterns((patterns + "\n").splitlines())
    found = set()
    for path in FILES + FOLDERS:
        parts = path.split("/")
        ways = ["/".join(parts[: n + 1]) for n in range(len(parts))]
        # Like git: what lies below an excluded folder is excluded with it.
        inside = any(ignore.verdict(way, True) for way in ways[:-1])
        if inside or ignore.verdict(path, path in FOLDERS):
            found.add(path)
    return found


@pytest.fixture(scope="module")
def repository(tmp_path_factory):
    if shutil.which("git") is None:
        pytest.skip("git is not installed")
    folder = tmp_path_factory.mktemp("repository")
    subprocess.run(["git", "init", "-q"], cwd=folder, check=True)
    for name in FILES:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return folder


@pytest.mark.parametrize("patterns", PATTERNS)
def test_excludes_what_git_excludes(repository, patterns):
    assert by_roadworthy(patterns) == by_git(repository, patterns)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.text(alphabet="ab/*?!.[]-py\\", min_size=1, max_size=7))
def test_excludes_what_git_excludes_for_any_pattern(repository, pattern):
    # Git takes an escape in a set, and one before nothing, in ways of its own.
    if "\\" in pattern and ("[" in pattern or pattern.endswith("\\")):
        return
    assert by_roadworthy(pattern) == by_git(repository, pattern)


@given(st.text(max_size=30))
def test_no_text_breaks_the_compiler(text):
    ignore = parse_patterns(text.splitlines())
    assert ignore.verdict("app/main.py", False) in (True, False, None)
