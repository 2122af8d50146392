"""A source file as text and back to the same bytes; written whole or not at all."""

from __future__ import annotations

import codecs
import contextlib
import io
import os
import stat
import tempfile
import tokenize
from dataclasses import dataclass
from pathlib import Path


class Unwritable(Exception):  # noqa: N818 - a state of a file, not a bug
    """A file that cannot be read or written; the message names it and says why."""


@dataclass(frozen=True, slots=True)
class Document:
    """The text of a file, and how it is encoded. Line ends are those of the file."""

    text: str
    encoding: str = "utf-8"
    has_mark: bool = False
    """Whether the file begins with a byte order mark."""

    @property
    def data(self) -> bytes:
        """The bytes of the file.

        Raises:
            UnicodeEncodeError: the encoding lacks a character of the text.
        """
        mark = codecs.BOM_UTF8 if self.has_mark else b""
        return mark + self.text.encode(self.encoding)


def read(path: Path) -> Document:
    """Return a file's document.

    Raises:
        Unwritable: it cannot be opened or decoded.
    """
    try:
        return decode(path.read_bytes())
    except OSError as error:
        raise Unwritable(f"{path}: cannot be read ({error.strerror})") from error
    except (SyntaxError, LookupError, ValueError) as error:
        raise Unwritable(f"{path}: cannot be decoded ({error})") from error


def decode(data: bytes) -> Document:
    """Return the document of a file's bytes: mark, coding comment, else UTF-8.

    Raises:
        SyntaxError, LookupError, ValueError: the bytes are not in that encoding.
    """
    encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
    if data.startswith(codecs.BOM_UTF8):
        return Document(data[len(codecs.BOM_UTF8) :].decode("utf-8"), "utf-8", True)
    return Document(data.decode(encoding), encoding)


def write(path: Path, data: bytes) -> None:
    """Replace a file's content at once, its permissions kept; a missing one is made.

    Whoever reads it sees the old content or the new; a process that is killed leaves
    the old. A link stays a link: what it leads to is replaced.

    Raises:
        Unwritable: the file or its folder may not be written.
    """
    target = Path(os.path.realpath(path))
    temporary: Path | None = None
    try:
        mode: int | None = None
        with contextlib.suppress(FileNotFoundError):
            mode = stat.S_IMODE(target.stat().st_mode)
        if mode is not None and not mode & stat.S_IWUSR:
            # Replacing needs only the folder's permission; a file that its owner may
            # not write is meant to stay as it is.
            raise PermissionError(13, "the file is read-only")
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(
            prefix=f".{target.name}.", suffix=".tmp", dir=target.parent
        )
        temporary = Path(name)
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        if mode is None:
            mask = os.umask(0)
            os.umask(mask)
            mode = 0o666 & ~mask
        temporary.chmod(mode)
        temporary.replace(target)
    except OSError as error:
        raise Unwritable(
            f"{path}: cannot be written ({error.strerror or error})"
        ) from error
    finally:
        if temporary is not None:
            with contextlib.suppress(OSError):
                temporary.unlink()


def remove(path: Path) -> None:
    """Take away a file that a fix had made.

    Raises:
        Unwritable: it may not be removed.
    """
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise Unwritable(f"{path}: cannot be removed ({error.strerror})") from error
