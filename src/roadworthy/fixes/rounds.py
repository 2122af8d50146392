"""The driver: fixes laid into a copy round by round, each round verified by a check.

Of two fixes that change the same place, the second waits for the next round. After a
round the copy must parse, the findings that the fixes claim must be gone, and no others
may have come; the fix that is to blame is taken back, and the rest stays. It ends when
nothing is left that can be fixed, so that a second run changes nothing.
"""

from __future__ import annotations

import dataclasses
import stat
from collections import Counter
from collections.abc import Callable, Sequence

from roadworthy import lifetime
from roadworthy.checking import check
from roadworthy.findings import Report
from roadworthy.fixes.blame import Attempt, culprits, judge, without_revealed
from roadworthy.fixes.compare import Lines, compare
from roadworthy.fixes.edits import EditError
from roadworthy.fixes.lay import Left, Proposal, choose, proposals
from roadworthy.fixes.outcome import (
    Key,
    Options,
    Outcome,
    Refused,
    Rewrite,
    Round,
    key,
)
from roadworthy.fixes.shadow import Shadow
from roadworthy.fixes.texts import Texts, fault_of
from roadworthy.project.cache import Cache, HeldCache
from roadworthy.project.config import Settings
from roadworthy.project.discovery import discover
from roadworthy.project.environment import find_environment
from roadworthy.project.selection import is_selected
from roadworthy.rules.language.tools import remembering
from roadworthy.syntax.source import UnreadableSource
from roadworthy.syntax.store import CodeStore

Progress = Callable[[str, int, int], None]

FORMATTING = "RW103"
"""Its fix touches whole files: it comes when no other is left to apply."""
_MOST_REWRITES = 20


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
    with (
        Shadow(discovery, settings) as shadow,
        remembering(),
        lifetime.collecting_rarely() as tidy,
    ):
        return _Run(settings, shadow, options, progress, banned, tidy).outcome()


class _Run:
    def __init__(
        self,
        settings: Settings,
        shadow: Shadow,
        options: Options,
        progress: Progress | None,
        banned: frozenset[Key],
        tidy: Callable[[], None],
    ) -> None:
        self._tidy = tidy
        self._folder = settings.folder
        self._shadow = shadow
        self._options = options
        self._progress = progress
        # Its code is kept by content: of the copy, only what a round changed is new.
        self._store = CodeStore(
            HeldCache(Cache.for_project(settings.folder, settings.use_cache)),
            HeldCache(Cache.for_user(settings.use_cache)),
        )
        self._settings = dataclasses.replace(shadow.settings, use_cache=False)
        if self._settings.select and options.select:
            # What is to be fixed must be looked for; all else that is looked for too,
            # so that what a fix brings about is seen.
            both = (*self._settings.select, *options.select)
            self._settings = dataclasses.replace(self._settings, select=both)
        self._texts = Texts(settings.folder, shadow)
        self._banned = set(banned)
        self._rounds: list[Round] = []
        self._refused: list[Refused] = []
        self._left: list[Left] = []
        self._report = Report(())

    def outcome(self) -> Outcome:
        before = self._report = self._check()
        for rewrite in self._options.rewrites:
            self._rewrite(rewrite)
        while self._round(self._wanted()):
            pass
        if self._is_to_be_formatted():
            # Only now is it worked out how each file would be written.
            self._settings = dataclasses.replace(self._settings, fixes=True)
            self._report = self._check()
            while self._round(self._wanted()):
                pass
        return Outcome(
            before=before,
            after=self._report,
            rounds=tuple(self._rounds),
            refused=self._still_refused(),
            left=tuple(dict.fromkeys(self._left)),
            originals=self._texts.originals,
        )

    def _check(self) -> Report:
        report = check(self._settings, self._progress, store=self._store)
        self._tidy()
        return report

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
            self._tidy()
            wanted = [p for p in rewriting.proposals if self._may(p)]
            if not self._round(wanted):
                return

    def _may(self, proposal: Proposal) -> bool:
        return proposal.fix.safe or self._options.unsafe

    def _is_to_be_formatted(self) -> bool:
        """Whether files are to be formatted that a quick check gives no fix for."""
        return is_selected(
            FORMATTING, self._options.select, self._options.ignore
        ) and any(
            finding.rule == FORMATTING and finding.fix is None
            for finding in self._report.findings
        )

    def _unformatted(self) -> dict[str, str]:
        """Return the files that formatters would change, with what names these."""
        return {
            finding.path: finding.message
            for finding in self._report.findings
            if finding.rule == FORMATTING
        }

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

    def _attempt(self, taken: Sequence[Proposal]) -> Attempt:
        """Lay proposals into the copy, check it, and put it back as it was."""
        texts = self._texts
        before = texts.of(taken)
        try:
            changed = texts.edited(before, taken, self._unformatted())
        except (EditError, UnreadableSource, ValueError) as error:
            if len(taken) == 1:
                return Attempt(((taken[0], str(error)),))
            return culprits(texts, taken, before)
        new = {path: texts.document(path, text) for path, text in changed.items()}
        for path, document in new.items():
            fault = fault_of(path, document)
            if fault:
                touching = [p for p in taken if path in p.paths]
                reason = f"{path} would not be right: {fault}"
                if len(touching) == 1:
                    return Attempt(((touching[0], reason),))
                if len(touching) < len(taken):
                    return culprits(texts, touching, before)
                return culprits(texts, taken, before)
        try:
            texts.tried(new)
            report = self._check()
        finally:
            texts.taken_back(new)
        lines = Lines(before, changed)
        claims = [claim for proposal in taken for claim in proposal.claims]
        difference = compare(self._report.findings, report.findings, claims, lines)
        difference = without_revealed(difference, taken)
        unread = set(report.unread) - set(self._report.unread)
        if not difference and not unread:
            return Attempt((), report, new)
        return judge(taken, difference, lines, bool(unread))

    def _accept(self, taken: Sequence[Proposal], attempt: Attempt) -> None:
        assert attempt.report is not None
        # What claims findings is done when they are gone, and they are. A rewriting that
        # claims none could propose the same for ever.
        self._banned.update(self._key(p) for p in taken if not p.claims)
        before = self._texts.keep(attempt.documents)
        self._rounds.append(Round(tuple(taken), before, dict(attempt.documents)))
        self._report = attempt.report

    def _refuse(self, proposal: Proposal, reason: str) -> None:
        self._banned.add(self._key(proposal))
        self._refused.append(Refused(proposal, reason))

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
            if self._texts.read(path) is None:
                return f"{path} cannot be read"
        return ""

    def _key(self, proposal: Proposal) -> Key:
        return key(
            proposal,
            lambda path: document.text if (document := self._texts.read(path)) else "",
        )


def _formatted_last(possible: Sequence[Proposal]) -> Sequence[Proposal]:
    """Leave formatting for a round of its own: it fits the text as it is now only."""
    others = [
        proposal
        for proposal in possible
        if not proposal.claims
        or any(claim.rule != FORMATTING for claim in proposal.claims)
    ]
    return others or possible


__all__ = ["Key", "Options", "Outcome", "Refused", "Rewrite", "Round", "fix", "key"]
