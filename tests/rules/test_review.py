"""What a review keeps of what others work out of it."""

from __future__ import annotations

from pathlib import Path

from roadworthy import analysis
from roadworthy.project.config import load_settings
from roadworthy.project.discovery import discover
from roadworthy.rules.review import Review


def test_what_is_made_of_a_review_is_made_once_for_each_argument(
    tmp_path: Path,
) -> None:
    (tmp_path / "main.py").write_text(
        "from fastapi import FastAPI\n\napp = FastAPI()\n"
    )
    asked: list[str] = []

    def nothing(review: Review, word: str) -> None:
        asked.append(word)

    def length(review: Review, word: str, *, more: int = 0) -> int:
        asked.append(f"{word}+{more}")
        return len(word) + more

    def use(review: Review) -> list[int | None]:
        return [
            review.once(length, "to"),
            review.once(length, "to"),
            review.once(length, "to", more=1),
            review.once(length, "three"),
            review.once(nothing, "to"),
            review.once(nothing, "to"),
        ]

    settings = load_settings(tmp_path)
    found = discover(tmp_path, (), tmp_path)

    assert analysis.load(found, settings, None, None, use)[0] == [
        2,
        2,
        3,
        5,
        None,
        None,
    ]
    assert asked == ["to+0", "to+1", "three+0", "to"]
