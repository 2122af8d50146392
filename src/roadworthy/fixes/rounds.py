"""The driver: fixes laid into a copy round by round, each round verified by a check.

Of two fixes that change the same place, the second waits for the next round. After a
round the copy must parse, the findings that the fixes claim must be gone, and no others
may have come; the fix that is to blame is taken back, and the rest stays. It ends when
nothing is left that can be fixed, so that a second run changes nothing.
"""

from __future__ import annotations

import dataclasses
import re
import stat
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from roadworthy.checking import check
from roadworthy.findings import Finding, Report
from roadworthy.fixes import documents, unused
from roadworthy.fixes.compare import Difference, Lines, compare
from roadworthy.fixes.documents import Document, Unwritable
from roadworthy.fixes.edits import EditError, split
from roadworthy.fixes.formatting import Formatter
from roadworthy.fixes.imports import top_level_modules
from roadworthy.fixes.lay import Left, Proposal, Rewriting, choose, lay, proposals
from roadworthy.fixes.shadow import Shadow
from roadworthy.project.config import Settings
from roadworthy.project.discovery import discover
from roadworthy.project.environment import find_environment
from roadworthy.project.modules import ModuleIndex
from roadworthy.project.selection import is_selected
from roadworthy.rules.review import Review
from roadworthy.syntax.source import UnreadableSource, parse_source

Progress = Callable[[str, int, int], None]
Rewrite = Callable[[Review], Rewriting]
"""Proposes to rewrite a project as a whole, beyond what one finding asks for."""
Key = tuple[tuple[str, str, str], ...]
"""What a proposal does, wherever its lines have gone: path, old and new text."""

FORMATTING = "RW103"
"""Its fix touches whole files: it comes when no other is left to apply."""
_PYTHON = (".py", ".pyi")
_MOST_REWRITES = 20
_FROM = re.compile(
    r"^[ \t]*from\s+(?P<module>[\w.]+)\s+import\s+(?P<names>\([^)]*\)|[^\n(]+)",
    re.MULTILINE,
)
_WORD = re.compile(r"\w+|\*")


@dataclass(frozen=True, slots=True)
class Options:
    """Which fixes are wanted. `select` and `ignore` are codes or beginnings of them."""

    unsafe: bool = False
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    rewrites: tuple[Rewrite, ...] = ()

    def wants(self, finding: Finding) -> bool:
        """Tell whether a finding's fix is to be applied."""
        fix = finding.fix
        return (
            fix is not None
            and (fix.safe or self.unsafe)
            and is_selected(finding.rule, self.select, self.ignore)
        )


@dataclass(frozen=True, slots=True)
class Refused:
    """A fix that was taken back, and why."""

    proposal: Proposal
    reason: str


@dataclass(frozen=True, slots=True)
class Round:
    """Fixes that were applied together, to the texts as they were then."""

    applied: tuple[Proposal, ...]
    before: Mapping[str, Document]
    """The files of the project that the round changed, by path."""
    after: Mapping[str, Document]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What fixing came to. `before` and `after` are the reports of the project."""

    before: Report
    after: Report
    rounds: tuple[Round, ...] = ()
    refused: tuple[Refused, ...] = ()
    left: tuple[Left, ...] = ()
    originals: Mapping[str, bytes | None] = dataclasses.field(default_factory=dict)
    """Bytes of the changed files as they were; None for a file that is made."""

    @property
    def applied(self) -> tuple[Proposal, ...]:
        """All fixes that were applied, in order."""
        return tuple(proposal for round_ in self.rounds for proposal in round_.applied)

    @property
    def results(self) -> dict[str, bytes]:
        """The bytes of the changed files as they are to be."""
        found: dict[str, bytes] = {}
        for round_ in self.rounds:
            found.update((path, doc.data) for path, doc in round_.after.items())
        return {p: data for p, data in found.items() if data != self.originals.get(p)}


def fix(
    settings: Settings,
    options: Options,
    progress: Progress | None = None,
    banned: frozenset[Key] = frozenset(),
) -> Outcome:
    """Work out all wanted fixes of a project; nothing of the project is changed.

    `banned` are fixes not to be applied.

    Raises:
        ProjectError: the folder cannot be read.
        OSError: no copy can be made.
    """
    discovery = discover(settings.root, settings.exclude, settings.base)
    with Shadow(discovery, settings) as shadow:
        return _Run(settings, shadow, options, progress, banned).outcome()


class _Run:
    def __init__(
        self,
        settings: Settings,
        shadow: Shadow,
        options: Options,
        progress: Progress | None,
        banned: frozenset[Key],
    ) -> None:
        self._folder = settings.folder
        self._shadow = shadow
        self._options = options
        self._progress = progress
        self._settings = dataclasses.replace(shadow.settings, fixes=True)
        if self._settings.select and options.select:
            # What is to be fixed must be looked for; all else that is looked for too,
            # so that what a fix brings about is seen.
            both = (*self._settings.select, *options.select)
            self._settings = dataclasses.replace(self._settings, select=both)
        discovery = discover(
            shadow.settings.root, shadow.settings.exclude, shadow.settings.base
        )
        self._paths = [file.relative for file in discovery.files]
        index = ModuleIndex.build(discovery)
        self._first_party = top_level_modules(map(index.name, self._paths))
        self._taken: set[tuple[str, str]] | None = None
        self._formatter = Formatter(
            settings.folder.resolve(),
            [settings.folder.resolve() / root for root in index.roots],
        )
        self._documents: dict[str, Document | None] = {}
        self._originals: dict[str, bytes | None] = {}
        self._banned = set(banned)
        self._rounds: list[Round] = []
        self._refused: list[Refused] = []
        self._left: list[Left] = []
        self._report = Report(())

    def outcome(self) -> Outcome:
        before = self._report = check(self._settings, self._progress)
        for rewrite in self._options.rewrites:
            self._rewrite(rewrite)
        while self._round(self._wanted()):
            pass
        return Outcome(
            before=before,
            after=self._report,
            rounds=tuple(self._rounds),
            refused=self._still_refused(),
            left=tuple(dict.fromkeys(self._left)),
            originals=self._originals,
        )

    def _still_refused(self) -> tuple[Refused, ...]:
        """Return what was taken back for good, each fix once.

        One that was taken back may have been tried again when its lines had changed.
        """
        open_ = Counter((f.rule, f.path, f.message) for f in self._report.findings)
        found: list[Refused] = []
        for refused in reversed(self._refused):
            for claim in refused.proposal.claims[:1]:
                place = (claim.rule, claim.path, claim.message)
                if not open_[place]:
                    break
                open_[place] -= 1
            else:
                found.append(refused)
        return tuple(reversed(found))

    # -- what is to be done ------------------------------------------------------------

    def _wanted(self) -> list[Proposal]:
        findings = [f for f in self._report.findings if self._options.wants(f)]
        findings.sort(key=lambda f: f.sort_key)
        return proposals(findings)

    def _rewrite(self, rewrite: Rewrite) -> None:
        from roadworthy import analysis

        for _ in range(_MOST_REWRITES):
            settings = self._settings
            discovery = discover(settings.root, settings.exclude, settings.base)
            environment, _note = find_environment(discovery.root, settings.python)
            rewriting, _unread, _notes = analysis.load(
                discovery, settings, environment, self._progress, rewrite
            )
            self._left = [*self._left, *rewriting.left]
            wanted = [p for p in rewriting.proposals if self._may(p)]
            if not self._round(wanted):
                return

    def _may(self, proposal: Proposal) -> bool:
        return proposal.fix.safe or self._options.unsafe

    # -- a round -----------------------------------------------------------------------

    def _round(self, wanted: Sequence[Proposal]) -> bool:
        """Apply what can be applied together; return whether anything was tried."""
        possible = []
        for proposal in wanted:
            if self._key(proposal) in self._banned:
                continue
            reason = self._untouchable(proposal)
            if reason:
                self._refuse(proposal, reason)
            else:
                possible.append(proposal)
        taken, _ = choose(_formatted_last(possible))
        if not taken:
            return False
        while taken:
            attempt = self._attempt(taken)
            if attempt.report is not None:
                self._accept(taken, attempt)
                break
            for proposal, reason in attempt.reasons:
                self._refuse(proposal, reason)
            blamed = {id(proposal) for proposal, _ in attempt.reasons}
            if blamed:
                taken = [p for p in taken if id(p) not in blamed]
            elif len(taken) > 1:
                # Nobody can be blamed from the places: the first half alone, and the
                # rest in the next round.
                taken = taken[: len(taken) // 2]
            else:
                self._refuse(taken[0], "it cannot be applied to the files as they are")
                break
        return True

    def _attempt(self, taken: Sequence[Proposal]) -> _Attempt:
        """Lay proposals into the copy, check it, and put it back as it was."""
        before = self._texts(taken)
        try:
            changed = self._edited(before, taken)
        except (EditError, UnreadableSource, ValueError) as error:
            if len(taken) == 1:
                return _Attempt(((taken[0], str(error)),))
            return self._culprits(taken, before)
        new = {path: self._document(path, text) for path, text in changed.items()}
        for path, document in new.items():
            fault = _fault(path, document)
            if fault:
                touching = [p for p in taken if path in p.paths]
                reason = f"{path} would not be right: {fault}"
                if len(touching) == 1:
                    return _Attempt(((touching[0], reason),))
                if len(touching) < len(taken):
                    return self._culprits(touching, before)
                return self._culprits(taken, before)
        try:
            for path, document in new.items():
                self._shadow.write(path, document.data)
            report = check(self._settings, self._progress)
        finally:
            for path in new:
                known = self._documents.get(path)
                self._shadow.write(path, known.data if known is not None else None)
        lines = Lines(before, changed)
        claims = [claim for proposal in taken for claim in proposal.claims]
        difference = compare(self._report.findings, report.findings, claims, lines)
        difference = _without_revealed(difference, taken)
        unread = set(report.unread) - set(self._report.unread)
        if not difference and not unread:
            return _Attempt((), report, new)
        return self._judge(taken, difference, lines, bool(unread))

    def _judge(
        self,
        taken: Sequence[Proposal],
        difference: Difference,
        lines: Lines,
        has_unread: bool,
    ) -> _Attempt:
        """Say which proposals are to blame, as far as that can be told from places."""
        if len(taken) == 1:
            return _Attempt(((taken[0], _reason(difference, has_unread)),))
        owner = {id(claim): p for p in taken for claim in p.claims}
        reasons: dict[int, tuple[Proposal, str]] = {}
        unclear = has_unread
        for claim, still in difference.remaining:
            told = _reason(Difference(((claim, still),)), False)
            reasons[id(owner[id(claim)])] = (owner[id(claim)], told)
        for finding in difference.came:
            region = lines.of_new(finding.path, finding.line)
            near = [
                proposal
                for proposal in taken
                if any(
                    edit.path == finding.path
                    and region
                    in (
                        lines.of_old(edit.path, edit.line),
                        lines.of_old(edit.path, edit.end_line),
                    )
                    for edit in proposal.fix.edits
                )
            ] or [proposal for proposal in taken if finding.path in proposal.paths]
            if len(near) == 1:
                told = _reason(Difference((), (finding,)), False)
                reasons[id(near[0])] = (near[0], told)
            else:
                unclear = True
        if reasons or not unclear:
            return _Attempt(tuple(reasons.values()))
        return _Attempt(())

    def _culprits(
        self, suspects: Sequence[Proposal], before: Mapping[str, str]
    ) -> _Attempt:
        """Find the proposals that leave their files broken, each by itself or together."""
        good: list[Proposal] = []
        found: list[tuple[Proposal, str]] = []
        for proposal in suspects:
            together = [*good, proposal]
            try:
                texts = self._edited(before, together)
                faults = [
                    f"{path} would not be right: {fault}"
                    for path, text in texts.items()
                    if (fault := _fault(path, self._document(path, text)))
                ]
            except (EditError, UnreadableSource, ValueError) as error:
                faults = [str(error)]
            if faults:
                found.append((proposal, faults[0]))
            else:
                good.append(proposal)
        return _Attempt(tuple(found))

    def _accept(self, taken: Sequence[Proposal], attempt: _Attempt) -> None:
        assert attempt.report is not None
        # What claims findings is done when they are gone, and they are. A rewriting that
        # claims none could propose the same for ever.
        self._banned.update(self._key(p) for p in taken if not p.claims)
        before: dict[str, Document] = {}
        for path, document in attempt.documents.items():
            known = self._documents.get(path)
            self._originals.setdefault(path, known.data if known is not None else None)
            if known is not None:
                before[path] = known
            self._documents[path] = document
            self._shadow.write(path, document.data)
        self._rounds.append(Round(tuple(taken), before, dict(attempt.documents)))
        self._report = attempt.report

    def _refuse(self, proposal: Proposal, reason: str) -> None:
        self._banned.add(self._key(proposal))
        self._refused.append(Refused(proposal, reason))

    # -- texts -------------------------------------------------------------------------

    def _texts(self, taken: Iterable[Proposal]) -> dict[str, str]:
        paths = sorted({path for proposal in taken for path in proposal.paths})
        found = {}
        for path in paths:
            document = self._read(path)
            if document is not None:
                found[path] = document.text
        return found

    def _read(self, path: str) -> Document | None:
        if path not in self._documents:
            file = self._shadow.folder / path
            try:
                self._documents[path] = documents.read(file) if file.exists() else None
            except Unwritable:
                self._documents[path] = None
        return self._documents[path]

    def _document(self, path: str, text: str) -> Document:
        known = self._read(path)
        if known is None:
            return Document(text)
        return dataclasses.replace(known, text=text)

    def _edited(
        self, before: Mapping[str, str], taken: Sequence[Proposal]
    ) -> dict[str, str]:
        """Return the changed texts: edits and imports, what is unused out, formatted.

        Raises:
            EditError, UnreadableSource, ValueError: as `lay`.
        """
        changed = lay(before, taken, self._first_party)
        modules = {p: text for p, text in changed.items() if p.endswith(_PYTHON)}
        modules = unused.remove(before, modules, self._is_needed)
        return {
            **changed,
            **{
                path: self._formatter.touch_up(
                    (self._folder / path).resolve(), before.get(path, ""), text
                )
                for path, text in modules.items()
            },
        }

    def _is_needed(self, path: str, name: str) -> bool:
        """Tell whether another file takes a name from a module, or patches it there."""
        if self._taken is None:
            self._taken = self._names_taken()
        stem = path.rpartition("/")[2].removesuffix(".py")
        if (stem, name) in self._taken or (stem, "*") in self._taken:
            return True
        dotted = f"{stem}.{name}"
        return any(
            dotted in document.text
            for other in self._paths
            if other != path and (document := self._read(other)) is not None
        )

    def _names_taken(self) -> set[tuple[str, str]]:
        """Return what files import from others: last part of the module, and name."""
        found: set[tuple[str, str]] = set()
        for path in self._paths:
            document = self._read(path)
            for match in _FROM.finditer(document.text if document else ""):
                stem = match["module"].rpartition(".")[2]
                found.update((stem, name) for name in _WORD.findall(match["names"]))
        return found

    def _untouchable(self, proposal: Proposal) -> str:
        """Return why a file of a proposal cannot be changed; empty if it can."""
        for path in sorted(proposal.paths):
            file = self._folder / path
            try:
                mode = file.stat().st_mode
            except FileNotFoundError:
                continue
            except OSError as error:
                return f"{path} cannot be looked at ({error.strerror})"
            if not mode & stat.S_IWUSR:
                return f"{path} is read-only"
            if self._read(path) is None:
                return f"{path} cannot be read"
        return ""

    def _key(self, proposal: Proposal) -> Key:
        return key(
            proposal,
            lambda path: document.text if (document := self._read(path)) else "",
        )


@dataclass(frozen=True, slots=True)
class _Attempt:
    """What came of trying: who is to blame, or the report and the new documents.

    With neither, nobody can be blamed from the places alone.
    """

    reasons: tuple[tuple[Proposal, str], ...]
    report: Report | None = None
    documents: Mapping[str, Document] = dataclasses.field(default_factory=dict)


def key(proposal: Proposal, text_of: Callable[[str], str]) -> Key:
    """Return what a proposal does, without the numbers of its lines."""
    found = []
    for edit in proposal.fix.edits:
        lines = split(text_of(edit.path))[edit.line - 1 : edit.end_line]
        found.append((edit.path, f"{edit.column} {''.join(lines)}", edit.replacement))
    return tuple(found)


def _formatted_last(possible: Sequence[Proposal]) -> Sequence[Proposal]:
    """Leave formatting for a round of its own: it fits the text as it is now only."""
    others = [
        proposal
        for proposal in possible
        if not proposal.claims
        or any(claim.rule != FORMATTING for claim in proposal.claims)
    ]
    return others or possible


def _fault(path: str, document: Document) -> str:
    try:
        if path.endswith(_PYTHON):
            parse_source(document.text, Path("module.py"))
        document.data  # noqa: B018 - raises where the encoding lacks a character
    except UnreadableSource as error:
        return str(error)
    except UnicodeEncodeError as error:
        return f"its encoding lacks a character ({error})"
    return ""


def _without_revealed(difference: Difference, taken: Sequence[Proposal]) -> Difference:
    reveals = tuple(code for proposal in taken for code in proposal.reveals)
    if not reveals:
        return difference
    came = tuple(f for f in difference.came if not f.rule.startswith(reveals))
    return Difference(difference.remaining, came)


def _reason(difference: Difference, has_unread: bool) -> str:
    if difference.remaining:
        still = difference.remaining[0][1]
        return f"{still.rule} is still found at {still.path}:{still.line}"
    if difference.came:
        new = difference.came[0]
        return f"{new.rule} would come at {new.path}:{new.line}: {new.message}"
    return "a file could not be checked any more" if has_unread else "unknown"
