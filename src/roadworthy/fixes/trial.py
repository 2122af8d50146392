"""The project's own tests, before and after fixing: what breaks them is taken back."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from roadworthy.fixes import documents
from roadworthy.fixes.lay import Proposal, lay
from roadworthy.fixes.outcome import Key, Options, Outcome, Round, key
from roadworthy.fixes.rounds import Progress, fix
from roadworthy.project.config import Settings

_MOST_CULPRITS = 25
_TAIL = 20


class TestsFail(Exception):  # noqa: N818 - a state of the project, not a bug
    """The tests cannot judge the fixes; the message says why."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the tests left of the fixes: these are in the project now."""

    outcome: Outcome
    broke: tuple[Proposal, ...]
    """Fixes with which the tests failed; they were taken back."""
    runs: int


def put(folder: Path, files: Mapping[str, bytes | None]) -> None:
    """Write files of a project, all of them or none; None takes a file away.

    Raises:
        Unwritable: one cannot be written; those before it are as they were again.
    """
    done: list[tuple[Path, bytes | None]] = []
    try:
        for path, data in files.items():
            file = folder / path
            old = file.read_bytes() if file.exists() else None
            if data == old:
                continue
            _set(file, data)
            done.append((file, old))
    except BaseException:
        for file, old in reversed(done):
            _set(file, old)
        raise


def _set(file: Path, data: bytes | None) -> None:
    if data is None:
        documents.remove(file)
    else:
        documents.write(file, data)


def run(
    settings: Settings, options: Options, command: str, progress: Progress | None
) -> Verdict:
    """Fix a project as far as its tests still pass.

    `command` runs the tests, in the checked folder, as a shell understands it. The fixes
    are written; where the tests then fail, the first fix with which they do is found by
    halving and taken back, until they pass. Whatever ends this early leaves the project
    as it was.

    Raises:
        TestsFail: the tests fail before any fix, or over and over after.
        Unwritable: a file cannot be written.
        ProjectError, OSError: as `fix`.
    """
    trial = _Trial(command, settings.folder)
    if not trial.passes():
        raise TestsFail(
            f"`{command}` fails before any fix, so that it cannot judge them; nothing "
            f"was changed. It printed:\n{trial.tail()}"
        )
    banned: set[Key] = set()
    broke: list[Proposal] = []
    while True:
        outcome = fix(settings, options, progress, frozenset(banned))
        try:
            put(settings.folder, dict(outcome.results))
            if not outcome.results or trial.passes():
                return Verdict(outcome, tuple(broke), trial.runs)
            round_, proposal = _culprit(outcome, trial, settings.folder)
        except BaseException:
            put(settings.folder, outcome.originals)
            raise
        # The next fixing begins with the project as it was.
        put(settings.folder, outcome.originals)
        broke.append(proposal)
        banned.add(key(proposal, _text_in(round_)))
        if len(broke) >= _MOST_CULPRITS:
            raise TestsFail(
                f"`{command}` still fails after {len(broke)} fixes were taken back; "
                f"nothing was changed. It printed:\n{trial.tail()}"
            )


class _Trial:
    def __init__(self, command: str, folder: Path) -> None:
        self._command = command
        self._folder = folder
        self._output = ""
        self.runs = 0

    def passes(self) -> bool:
        self.runs += 1
        done = subprocess.run(
            self._command,
            shell=True,
            cwd=self._folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        self._output = done.stdout.decode("utf-8", "replace")
        return done.returncode == 0

    def tail(self) -> str:
        return "\n".join(self._output.splitlines()[-_TAIL:])


def _culprit(outcome: Outcome, trial: _Trial, folder: Path) -> tuple[Round, Proposal]:
    """Return the first fix with which the tests fail, and its round.

    The fixes come in their order, whole rounds first. With none of them the tests pass,
    with all they fail; halving finds where that turns.
    """
    steps = [
        (number, index)
        for number, round_ in enumerate(outcome.rounds)
        for index in range(len(round_.applied))
    ]
    good, bad = 0, len(steps)
    while bad - good > 1:
        middle = (good + bad) // 2
        number, index = steps[middle - 1]
        put(folder, _state(outcome, number, index + 1))
        if trial.passes():
            good = middle
        else:
            bad = middle
    number, index = steps[bad - 1]
    return outcome.rounds[number], outcome.rounds[number].applied[index]


def _state(outcome: Outcome, number: int, count: int) -> dict[str, bytes | None]:
    """Return the files with all rounds before one, and the first fixes of that one."""
    files: dict[str, bytes | None] = dict(outcome.originals)
    for round_ in outcome.rounds[:number]:
        files.update((path, doc.data) for path, doc in round_.after.items())
    round_ = outcome.rounds[number]
    files.update(_partly(round_, round_.applied[:count]))
    return files


def _partly(round_: Round, applied: Sequence[Proposal]) -> dict[str, bytes]:
    """Return the files of a round with some of its fixes.

    Unused imports stay, and nothing is formatted: to the tests that is all the same.
    """
    if len(applied) == len(round_.applied):
        return {path: document.data for path, document in round_.after.items()}
    before = {path: document.text for path, document in round_.before.items()}
    found = {}
    for path, text in lay(before, applied).items():
        known = round_.before.get(path) or round_.after[path]
        found[path] = documents.Document(text, known.encoding, known.has_mark).data
    return found


def _text_in(round_: Round) -> Callable[[str], str]:
    def text_of(path: str) -> str:
        document = round_.before.get(path)
        return document.text if document is not None else ""

    return text_of
