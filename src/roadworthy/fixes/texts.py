"""The texts of a project that is being fixed, as they are now and as fixes leave them."""

from __future__ import annotations

import dataclasses
import functools
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from roadworthy.fixes import documents, unused
from roadworthy.fixes.documents import Document, Unwritable
from roadworthy.fixes.formatting import Formatter
from roadworthy.fixes.imports import top_level_modules
from roadworthy.fixes.lay import Proposal, lay
from roadworthy.fixes.shadow import Shadow
from roadworthy.project.discovery import discover
from roadworthy.project.modules import ModuleIndex
from roadworthy.syntax.source import UnreadableSource, parse_source

_PYTHON = (".py", ".pyi")
_FROM = re.compile(
    r"^[ \t]*from\s+(?P<module>[\w.]+)\s+import\s+(?P<names>\([^)]*\)|[^\n(]+)",
    re.MULTILINE,
)
_WORD = re.compile(r"\w+|\*")


class Texts:
    """The documents of a copy of a project; what is tried is put back."""

    def __init__(self, folder: Path, shadow: Shadow) -> None:
        """Begin with the copy as it is; `folder` is the project itself."""
        self._folder = folder
        self._shadow = shadow
        settings = shadow.settings
        discovery = discover(settings.root, settings.exclude, settings.base)
        self._paths = [file.relative for file in discovery.files]
        index = ModuleIndex.build(discovery)
        self._first_party = top_level_modules(map(index.name, self._paths))
        self._formatter = Formatter(
            folder.resolve(), [folder.resolve() / root for root in index.roots]
        )
        self._documents: dict[str, Document | None] = {}
        self.originals: dict[str, bytes | None] = {}
        """Bytes of the files that were changed for good; None for one that was made."""

    def of(self, taken: Iterable[Proposal]) -> dict[str, str]:
        """Return the texts, by path, of the files that proposals are about."""
        paths = sorted({path for proposal in taken for path in proposal.paths})
        found = {}
        for path in paths:
            document = self.read(path)
            if document is not None:
                found[path] = document.text
        return found

    def read(self, path: str) -> Document | None:
        """Return a file as it is now; None if it is missing or no text."""
        if path not in self._documents:
            file = self._shadow.folder / path
            try:
                self._documents[path] = documents.read(file) if file.exists() else None
            except Unwritable:
                self._documents[path] = None
        return self._documents[path]

    def document(self, path: str, text: str) -> Document:
        """Return a file with another text."""
        known = self.read(path)
        if known is None:
            return Document(text)
        return dataclasses.replace(known, text=text)

    def laid(
        self, before: Mapping[str, str], taken: Sequence[Proposal]
    ) -> dict[str, str]:
        """Return the changed texts with edits and imports, and nothing else done.

        Raises:
            EditError, UnreadableSource, ValueError: as `lay`.
        """
        return lay(before, taken, self._first_party)

    def edited(
        self,
        before: Mapping[str, str],
        taken: Sequence[Proposal],
        unformatted: Mapping[str, str],
    ) -> dict[str, str]:
        """Return the changed texts: edits and imports, what is unused out, formatted.

        `unformatted` names the formatters that would change a file as it is, by path,
        as far as that is known.

        Raises:
            EditError, UnreadableSource, ValueError: as `lay`.
        """
        changed = self.laid(before, taken)
        modules = {p: text for p, text in changed.items() if p.endswith(_PYTHON)}

        def is_needed(path: str, name: str) -> bool:
            return self._is_needed(path, name, changed)

        modules = unused.remove(before, modules, is_needed)
        return {
            **changed,
            **{
                path: self._formatter.touch_up(
                    (self._folder / path).resolve(),
                    before.get(path, ""),
                    text,
                    unformatted.get(path, ""),
                )
                for path, text in modules.items()
            },
        }

    def tried(self, documents: Mapping[str, Document]) -> None:
        """Lay documents into the copy, until they are kept or taken back."""
        for path, document in documents.items():
            self._shadow.write(path, document.data)

    def taken_back(self, documents: Mapping[str, Document]) -> None:
        """Put the copy back as it was before documents were tried."""
        for path in documents:
            known = self._documents.get(path)
            self._shadow.write(path, known.data if known is not None else None)

    def keep(self, documents: Mapping[str, Document]) -> dict[str, Document]:
        """Lay documents into the copy for good; return what was there before."""
        before: dict[str, Document] = {}
        for path, document in documents.items():
            known = self._documents.get(path)
            self.originals.setdefault(path, known.data if known is not None else None)
            if known is not None:
                before[path] = known
            self._documents[path] = document
            self._shadow.write(path, document.data)
        return before

    def _is_needed(self, path: str, name: str, changed: Mapping[str, str]) -> bool:
        """Tell whether another file takes a name from a module, or patches it there.

        `changed` are the texts that files are about to get.
        """
        stem = path.rpartition("/")[2].removesuffix(".py")
        dotted = f"{stem}.{name}"
        for other in self._paths:
            document = self.read(other)
            text = changed.get(other, document.text if document else "")
            if other != path and dotted in text:
                return True
            if stem in text and any(
                (stem, wanted) in _names_taken(text) for wanted in (name, "*")
            ):
                return True
        return False


@functools.lru_cache(maxsize=4096)
def _names_taken(text: str) -> frozenset[tuple[str, str]]:
    """Return what a file imports from others: last part of the module, and name."""
    return frozenset(
        (match["module"].rpartition(".")[2], name)
        for match in _FROM.finditer(text)
        for name in _WORD.findall(match["names"])
    )


def fault_of(path: str, document: Document) -> str:
    """Return why a file could not be as it is given here; empty if it could."""
    try:
        if path.endswith(_PYTHON):
            parse_source(document.text, Path("module.py"))
        document.data  # noqa: B018 - raises where the encoding lacks a character
    except UnreadableSource as error:
        return str(error)
    except UnicodeEncodeError as error:
        return f"its encoding lacks a character ({error})"
    return ""
