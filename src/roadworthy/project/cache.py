"""Facts kept between runs, by the hash of what they were made from.

Two places: `.roadworthy_cache/` in the checked folder for facts about its files, and
the user's cache directory for facts about installed libraries. A checked repository is
untrusted and may bring a `.roadworthy_cache/` of its own; so every entry is sealed with
a key that only the user's machine knows, and an entry whose seal is wrong counts as
absent. What comes out of a cache is therefore what roadworthy itself put in.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import os
import secrets
import struct
import sys
import time
from collections.abc import Iterable, Mapping
from pathlib import Path

from roadworthy import __version__

FOLDER = ".roadworthy_cache"

_MAGIC = b"roadworthy\x00\x01"
_DIGEST = 32
_LENGTHS = struct.Struct("<II")
_STALE_SECONDS = 3600.0
_KEEP_SECONDS = 30 * 24 * 3600.0
_PRUNE_EVERY_SECONDS = 24 * 3600.0

_CACHEDIR_TAG = """Signature: 8a477f597d28d172789f06886806bc55
# This directory holds facts that roadworthy keeps between runs. It may be deleted.
"""


class Cache:
    """A store of byte strings in a folder; every failure to read or write is harmless.

    `notes` are one-line remarks for the user, such as that the folder is read-only.
    """

    def __init__(self, folder: Path | None, key: bytes = b"", stamp: str = "") -> None:
        """Open the store in a folder (None: a store that keeps nothing).

        `key` seals the entries; `stamp` is what they depend on besides their own key,
        such as the version of the program that made them.
        """
        self.notes: list[str] = []
        self._folder = folder
        self._key = key
        self._stamp = hashlib.blake2b(stamp.encode(), digest_size=16).digest()
        self._ready = False

    @classmethod
    def for_project(cls, root: Path, enabled: bool = True) -> Cache:
        """Open the store of a checked folder."""
        return cls._open(root / FOLDER if enabled else None)

    @classmethod
    def for_user(cls, enabled: bool = True) -> Cache:
        """Open the store in the user's cache directory, for facts about libraries."""
        return cls._open(_user_folder() if enabled else None)

    @classmethod
    def _open(cls, folder: Path | None) -> Cache:
        if folder is None:
            return cls(None)
        key = _seal_key()
        if key is None:
            cache = cls(None)
            cache.notes.append(
                "no cache: the user's cache directory cannot be written; every run "
                "starts from nothing"
            )
            return cache
        return cls(folder, key, program_stamp())

    @property
    def enabled(self) -> bool:
        """Whether anything is kept."""
        return self._folder is not None

    def get(self, kind: str, key: str) -> bytes | None:
        """Return what was put under a key, or None."""
        if self._folder is None:
            return None
        path = self._entry(self._folder, kind, key)
        data = self._unseal(path, f"{kind}/{key}")
        if data is not None:
            with contextlib.suppress(OSError):
                # Pruning goes by the time of last use, to the day.
                if time.time() - path.stat().st_mtime > _PRUNE_EVERY_SECONDS:
                    os.utime(path)
        return data

    def has(self, kind: str, key: str) -> bool:
        """Whether there is an entry under a key; reading it may still fail."""
        return self._folder is not None and (
            self._entry(self._folder, kind, key).is_file()
        )

    def put(self, kind: str, key: str, data: bytes) -> None:
        """Keep data under a key, in place of what was there."""
        if self._folder is not None and self._prepare():
            path = self._entry(self._folder, kind, key)
            self._write(path, f"{kind}/{key}", (data,))

    def load_pack(self, kind: str) -> dict[str, bytes]:
        """Return all entries of a kind that are kept together in one file."""
        if self._folder is None:
            return {}
        data = self._unseal(self._folder / f"{kind}.pack", kind)
        if data is None:
            return {}
        entries: dict[str, bytes] = {}
        offset = 0
        size = _LENGTHS.size
        try:
            while offset < len(data):
                key_length, length = _LENGTHS.unpack_from(data, offset)
                middle = offset + size + key_length
                key = data[offset + size : middle].decode()
                entries[key] = data[middle : middle + length]
                offset = middle + length
        except (struct.error, UnicodeDecodeError):
            return {}
        return entries

    def save_pack(self, kind: str, entries: Mapping[str, bytes]) -> None:
        """Keep these entries of a kind together in one file, in place of the former."""
        if self._folder is None or not self._prepare():
            return
        parts: list[bytes] = []
        for key, value in entries.items():
            name = key.encode()
            parts += (_LENGTHS.pack(len(name), len(value)), name, value)
        self._write(self._folder / f"{kind}.pack", kind, parts)

    def prune(self) -> None:
        """Remove single entries unused for 30 days, and what killed runs left behind.

        Looks at most once a day; cheap to call at the end of every run.
        """
        if self._folder is None or not self._ready:
            return
        marker = self._folder / ".pruned"
        now = time.time()
        with contextlib.suppress(OSError):
            if now - marker.stat().st_mtime < _PRUNE_EVERY_SECONDS:
                return
        with contextlib.suppress(OSError):
            marker.touch()
            os.utime(marker)
            for path in self._folder.glob("*/*/*.fact"):
                with contextlib.suppress(OSError):
                    if now - path.stat().st_mtime > _KEEP_SECONDS:
                        path.unlink()
            for path in (*self._folder.glob("*.tmp"), *self._folder.glob("*/*/*.tmp")):
                with contextlib.suppress(OSError):
                    if now - path.stat().st_mtime > _STALE_SECONDS:
                        path.unlink()

    def _entry(self, folder: Path, kind: str, key: str) -> Path:
        name = hashlib.blake2b(key.encode(), digest_size=16).hexdigest()
        return folder / kind / name[:2] / f"{name[2:]}.fact"

    def _seal(self, label: str, parts: Iterable[bytes]) -> bytes:
        digest = hashlib.blake2b(key=self._key[:64], digest_size=_DIGEST)
        digest.update(label.encode() + b"\x00" + self._stamp)
        for part in parts:
            digest.update(part)
        return digest.digest()

    def _unseal(self, path: Path, label: str) -> bytes | None:
        """Read a file and return what it holds, or None if that is not to be trusted."""
        try:
            content = path.read_bytes()
        except OSError:
            return None
        head = len(_MAGIC) + len(self._stamp)
        data = content[head + _DIGEST :]
        stamp = content[len(_MAGIC) : head]
        if content.startswith(_MAGIC) and stamp != self._stamp and len(stamp) == 16:
            return None  # made by another version: nothing worth a remark
        if not hmac.compare_digest(
            content[: head + _DIGEST],
            _MAGIC + self._stamp + self._seal(label, (data,)),
        ):
            self._remark(
                f"the cache {path.name} was damaged or came from elsewhere; it is "
                "made anew"
            )
            return None
        return data

    def _write(self, path: Path, label: str, parts: Iterable[bytes]) -> None:
        """Write beside the file and move into place, so that no one sees half a file."""
        parts = tuple(parts)
        temporary = path.with_name(
            f"{path.name}.{os.getpid()}-{secrets.token_hex(4)}.tmp"
        )
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with temporary.open("xb") as stream:
                stream.write(_MAGIC + self._stamp + self._seal(label, parts))
                stream.writelines(parts)
            temporary.replace(path)
        except OSError as error:
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)
            self._remark(f"the cache cannot be written ({error.strerror}); going on")

    def _prepare(self) -> bool:
        """Make the folder with its own `.gitignore`; return whether it can be used."""
        if self._ready or self._folder is None:
            return self._ready
        folder = self._folder
        try:
            if folder.is_symlink():
                # A repository may not lead writes out of itself.
                raise NotADirectoryError(20, "it is a link")
            folder.mkdir(parents=True, exist_ok=True)
            for name, text in ((".gitignore", "*\n"), ("CACHEDIR.TAG", _CACHEDIR_TAG)):
                path = folder / name
                if not path.exists():
                    path.write_text(text, "utf-8")
        except OSError as error:
            self._remark(
                f"no cache: {folder} cannot be written "
                f"({(error.strerror or str(error)).lower()}); every run starts from nothing"
            )
            self._folder = None
            return False
        self._ready = True
        return True

    def _remark(self, note: str) -> None:
        if note not in self.notes:
            self.notes.append(note)


class HeldCache(Cache):
    """A store in memory, over one on disk that is only read."""

    def __init__(self, under: Cache) -> None:
        """Begin with what another store has."""
        super().__init__(None)
        self._under = under
        self._held: dict[tuple[str, str], bytes] = {}

    @property
    def enabled(self) -> bool:
        """Whether anything is kept: it is, for as long as the store lives."""
        return True

    def get(self, kind: str, key: str) -> bytes | None:
        """Return what was put under a key, here or below, or None."""
        held = self._held.get((kind, key))
        return held if held is not None else self._under.get(kind, key)

    def has(self, kind: str, key: str) -> bool:
        """Whether there is an entry under a key; reading it may still fail."""
        return (kind, key) in self._held or self._under.has(kind, key)

    def put(self, kind: str, key: str, data: bytes) -> None:
        """Keep data under a key, in memory only."""
        self._held[kind, key] = data


def content_hash(data: bytes) -> str:
    """Return the hash that facts about a file's content are kept under."""
    return hashlib.blake2b(data, digest_size=16).hexdigest()


def program_stamp() -> str:
    """Return what tells this very program from any other: version, files, Python.

    Sizes and times of the program's own files are in it, so that an edited working copy
    never takes its predecessor's facts for its own.
    """
    digest = hashlib.blake2b(digest_size=16)
    folders = [str(Path(__file__).parent.parent)]
    while folders:
        with os.scandir(folders.pop()) as scan:
            for entry in sorted(scan, key=lambda entry: entry.name):
                if entry.is_dir():
                    if entry.name != "__pycache__":
                        folders.append(entry.path)
                elif entry.name.endswith((".py", ".toml")):
                    status = entry.stat()
                    digest.update(
                        f"{entry.path}|{status.st_size}|{status.st_mtime_ns}\n".encode(
                            "utf-8", "surrogateescape"
                        )
                    )
    return f"{__version__} {sys.version_info[:3]} {digest.hexdigest()}"


def _user_folder() -> Path:
    import platformdirs

    return platformdirs.user_cache_path("roadworthy", appauthor=False)


def _seal_key() -> bytes | None:
    """Return the key of this user on this machine; made when first asked for."""
    file = _user_folder() / "seal.key"
    for _ in range(3):
        try:
            key = file.read_bytes()
            if len(key) == 32:
                return key
            file.unlink()
        except FileNotFoundError:
            pass
        except OSError:
            return None
        temporary = file.with_name(f"seal.{os.getpid()}-{secrets.token_hex(4)}.tmp")
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as stream:
                stream.write(secrets.token_bytes(32))
            try:
                # A link fails where a run beside this one was quicker; its key holds.
                os.link(temporary, file)
            except FileExistsError:
                pass
            except OSError:
                temporary.replace(file)
            finally:
                temporary.unlink(missing_ok=True)
        except OSError:
            return None
    return None
