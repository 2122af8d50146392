"""Services on disk, and the fixing of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from roadworthy import cli
from roadworthy.findings import Edit, Finding, Fix, Import
from roadworthy.project import cache
from roadworthy.rules import registry
from roadworthy.rules.base import Rule


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the user's own cache and environment out of the tests."""
    monkeypatch.setattr(cache, "_user_folder", lambda: tmp_path / "home")
    for name in ("VIRTUAL_ENV", "CONDA_PREFIX", "NO_COLOR", "TERM"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def service(tmp_path: Path) -> Path:
    """An empty folder that is the top of a repository."""
    root = tmp_path / "service"
    (root / ".git").mkdir(parents=True)
    return root


@pytest.fixture
def fix(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """A function that runs `roadworthy fix`: status, output, errors."""

    def run(*arguments: object) -> tuple[int, str, str]:
        try:
            status = cli.main(["fix", "--no-cache", *map(str, arguments)])
        except SystemExit as stop:
            status = int(stop.code or 0)
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return run


@pytest.fixture
def give_fixes(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """A function that makes a rule, RW999: it finds words, and puts others in place.

    `words` are what to look for and the replacement; every place where a word stands is
    a finding. `keeps_finding` are words that are found again, whatever is done.
    """

    def give(
        words: dict[str, str],
        *,
        safe: bool = True,
        found_too: tuple[str, ...] = (),
        needs: str = "",
    ) -> None:
        rule = Rule("RW999", "word", "warning", "A word.", "Why.", "Not.", "", "")

        def check(review):  # type: ignore[no-untyped-def]
            for file in review.all_files:
                for number, line in enumerate(file.lines, 1):
                    for word in (*words, *found_too):
                        at = line.find(word)
                        if at >= 0:
                            yield Finding(
                                rule="RW999",
                                name="word",
                                severity="warning",
                                path=file.relative,
                                line=number,
                                column=at + 1,
                                end_line=number,
                                end_column=at + 1 + len(word),
                                message=f"`{word}`",
                                why="",
                                instead="",
                            )

        def mend(review, finding):  # type: ignore[no-untyped-def]
            word = finding.message.strip("`")
            if word not in words:
                return None
            edit = Edit(
                finding.path,
                finding.line,
                finding.column,
                finding.end_line,
                finding.end_column,
                words[word],
            )
            wanted = (Import(finding.path, needs),) if needs else ()
            return Fix(safe, (edit,), "" if safe else "it may differ", wanted)

        registered = registry.Registered(rule, check, mend)
        real_modules, real_load = registry.modules, registry.load
        known = {**real_modules(), "RW999": "no.module"}
        monkeypatch.setattr(registry, "modules", lambda: known)
        monkeypatch.setattr(
            registry,
            "load",
            lambda code: registered if code == "RW999" else real_load(code),
        )

    return give
