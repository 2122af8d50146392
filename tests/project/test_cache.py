"""The cache: what it keeps, and what it does not trust."""

import multiprocessing
import os
import sys
import time

import pytest

from roadworthy.project import cache as module
from roadworthy.project.cache import FOLDER, Cache, content_hash


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """Keep the user's own cache directory out of the tests."""
    folder = tmp_path / "home"
    monkeypatch.setattr(module, "_user_folder", lambda: folder)
    return folder


@pytest.fixture
def root(tmp_path):
    folder = tmp_path / "project"
    folder.mkdir()
    return folder


ENTRIES = {"a" * 32: b"\x00" * 100, "é": b"", "b": bytes(range(256))}


def test_keeps_entries_between_runs(root):
    Cache.for_project(root).put("facts", "key", b"value")
    cache = Cache.for_project(root)
    assert cache.get("facts", "key") == b"value"
    assert cache.get("facts", "other") is None
    assert cache.get("other", "key") is None


def test_keeps_packs_between_runs(root):
    Cache.for_project(root).save_pack("facts", ENTRIES)
    assert Cache.for_project(root).load_pack("facts") == ENTRIES
    assert Cache.for_project(root).load_pack("other") == {}


def test_folder_stays_out_of_git_and_backups(root):
    Cache.for_project(root).put("facts", "key", b"value")
    assert (root / FOLDER / ".gitignore").read_text() == "*\n"
    tag = (root / FOLDER / "CACHEDIR.TAG").read_text()
    assert tag.startswith("Signature: 8a477f597d28d172789f06886806bc55")


def test_reading_makes_no_folder(root):
    assert Cache.for_project(root).load_pack("facts") == {}
    assert not (root / FOLDER).exists()


def test_disabled_cache_keeps_nothing(root):
    cache = Cache.for_project(root, enabled=False)
    cache.put("facts", "key", b"value")
    cache.save_pack("facts", ENTRIES)
    assert cache.get("facts", "key") is None
    assert cache.load_pack("facts") == {}
    assert not cache.enabled
    assert not (root / FOLDER).exists()


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: b"",
        lambda data: data[:-1],
        lambda data: data[: len(data) // 2],
        lambda data: data + b"x",
        lambda data: data[:-5] + b"\xff" + data[-4:],
        lambda data: b"garbage" * 50,
        lambda data: data[:40] + bytes(32) + data[72:],
    ],
)
def test_damaged_pack_is_rebuilt_with_a_note(root, damage):
    Cache.for_project(root).save_pack("facts", ENTRIES)
    file = root / FOLDER / "facts.pack"
    file.write_bytes(damage(file.read_bytes()))
    cache = Cache.for_project(root)
    assert cache.load_pack("facts") == {}
    assert len(cache.notes) == 1
    assert "damaged" in cache.notes[0]
    cache.save_pack("facts", ENTRIES)
    assert Cache.for_project(root).load_pack("facts") == ENTRIES


def test_entry_moved_to_another_key_is_not_taken(root):
    cache = Cache.for_project(root)
    cache.put("facts", "one", b"1")
    cache.put("facts", "two", b"2")
    one, two = sorted((root / FOLDER / "facts").glob("*/*.fact"))
    one.write_bytes(two.read_bytes())
    assert {cache.get("facts", "one"), cache.get("facts", "two")} & {None}


def test_cache_that_another_machine_made_is_not_trusted(root, home):
    """A repository may bring a cache of its own, made to hide what it does."""
    Cache.for_project(root).save_pack("facts", ENTRIES)
    (home / "seal.key").unlink()
    cache = Cache.for_project(root)
    assert cache.load_pack("facts") == {}
    assert "came from elsewhere" in cache.notes[0]


def test_seal_key_is_the_users_alone(root, home):
    Cache.for_project(root)
    assert len((home / "seal.key").read_bytes()) == 32
    if sys.platform != "win32":
        assert (home / "seal.key").stat().st_mode & 0o077 == 0
    assert [path.name for path in home.iterdir()] == ["seal.key"]


def test_cache_of_another_version_is_made_anew_without_a_word(root, monkeypatch):
    Cache.for_project(root).save_pack("facts", ENTRIES)
    monkeypatch.setattr(module, "program_stamp", lambda: "another")
    cache = Cache.for_project(root)
    assert cache.load_pack("facts") == {}
    assert cache.notes == []


def test_folder_that_cannot_be_made_is_done_without(root):
    (root / FOLDER).write_text("a file")
    cache = Cache.for_project(root)
    cache.put("facts", "key", b"value")
    cache.save_pack("facts", ENTRIES)
    assert cache.get("facts", "key") is None
    assert len(cache.notes) == 1
    assert "cannot be written" in cache.notes[0]
    assert not cache.enabled


def test_full_disk_is_done_without(root, monkeypatch):
    cache = Cache.for_project(root)
    cache.put("facts", "key", b"value")

    def full(self, target):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(type(root), "replace", full)
    cache.put("facts", "key", b"new")
    monkeypatch.undo()
    assert "No space left on device" in cache.notes[0]
    assert list((root / FOLDER).rglob("*.tmp")) == []


def test_link_in_place_of_the_folder_leads_nowhere(root, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (root / FOLDER).symlink_to(tmp_path / "elsewhere")
    cache = Cache.for_project(root)
    cache.save_pack("facts", ENTRIES)
    assert list((tmp_path / "elsewhere").iterdir()) == []
    assert "it is a link" in cache.notes[0]


def test_users_folder_that_cannot_be_written_is_done_without(root, home):
    home.write_text("a file")
    cache = Cache.for_project(root)
    assert not cache.enabled
    assert "starts from nothing" in cache.notes[0]


def test_pruning_takes_what_is_old_and_what_killed_runs_left(root):
    cache = Cache.for_project(root)
    cache.put("facts", "old", b"1")
    cache.put("facts", "new", b"2")
    folder = root / FOLDER
    left = folder / "facts.pack.123-abc.tmp"
    left.touch()
    fresh = folder / "facts.pack.456-def.tmp"
    fresh.touch()
    month_ago = time.time() - 40 * 24 * 3600
    os.utime(cache._entry(folder, "facts", "old"), (month_ago, month_ago))
    os.utime(left, (month_ago, month_ago))
    cache.prune()
    assert cache.get("facts", "old") is None
    assert cache.get("facts", "new") == b"2"
    # The fresh one may belong to a run that is going on.
    assert (left.exists(), fresh.exists()) == (False, True)


def _write_and_read(root, number, home):
    module._user_folder = lambda: home
    cache = Cache.for_project(root)
    entries = {f"{number}-{i}": bytes([number]) * 1000 for i in range(50)}
    for _ in range(20):
        cache.save_pack("facts", entries)
        loaded = cache.load_pack("facts")
        owners = {key.split("-")[0] for key in loaded}
        if len(loaded) != 50 or len(owners) != 1 or cache.notes:
            os._exit(1)
    os._exit(0)


@pytest.mark.skipif(sys.platform == "win32", reason="needs fork")
def test_two_runs_at_once_never_see_half_a_pack(root, home):
    context = multiprocessing.get_context("spawn")
    runs = [
        context.Process(target=_write_and_read, args=(root, number, home))
        for number in (1, 2)
    ]
    for run in runs:
        run.start()
    for run in runs:
        run.join()
    assert [run.exitcode for run in runs] == [0, 0]


def test_hash_depends_on_content_alone():
    assert content_hash(b"x = 1\n") == content_hash(b"x = 1\n")
    assert content_hash(b"x = 1\n") != content_hash(b"x = 2\n")
