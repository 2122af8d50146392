"""Names of resources: their forms, and those that cannot be used."""

from __future__ import annotations

import pytest

from roadworthy.scaffold.errors import ScaffoldError
from roadworthy.scaffold.naming import names_of, with_article


@pytest.mark.parametrize(
    ("given", "singular", "plural", "pascal"),
    [
        ("article", "article", "articles", "Article"),
        ("BlogPost", "blog_post", "blog_posts", "BlogPost"),
        ("blog-post", "blog_post", "blog_posts", "BlogPost"),
        ("category", "category", "categories", "Category"),
        ("person", "person", "people", "Person"),
        ("box", "box", "boxes", "Box"),
        ("day", "day", "days", "Day"),
        ("child", "child", "children", "Child"),
        ("bus", "bus", "buses", "Bus"),
        ("order_status", "order_status", "order_statuses", "OrderStatus"),
        ("address", "address", "addresses", "Address"),
        ("analysis", "analysis", "analyses", "Analysis"),
        ("hero", "hero", "heroes", "Hero"),
        ("leaf", "leaf", "leaves", "Leaf"),
        ("datum", "datum", "data", "Datum"),
        ("canvas", "canvas", "canvases", "Canvas"),
        ("news", "news", "news", "News"),
        ("http2_route", "http2_route", "http2_routes", "Http2Route"),
    ],
)
def test_forms_of_a_name(given: str, singular: str, plural: str, pascal: str) -> None:
    names = names_of(given)
    assert (names.singular, names.plural, names.pascal) == (singular, plural, pascal)


def test_the_plural_can_be_given() -> None:
    assert names_of("datum", "datasets").plural == "datasets"
    assert names_of("articles", "articles_lists").singular == "articles"


def test_the_path_has_hyphens() -> None:
    assert names_of("blog_post").path == "blog-posts"


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("articles", "name one: `article`"),
        # What is offered is not refused in its turn.
        ("data", "is a plural; name one of them"),
        ("classes", "is a plural; name one of them"),
        ("types", "is a plural; name one of them"),
        ("lateral", "keyword of SQL"),
        ("a", "the plural `as` is a keyword of Python; give another with --plural"),
        ("var", "the plural `vars` would hide .*; give another with --plural"),
        ("blog_posts", "name one: `blog_post`"),
        ("class", "keyword"),
        ("2fast", "snake case"),
        ("a__b", "`a_b` would do"),
        ("naïve", "snake case"),
        ("a b", "snake case"),
        ("", "snake case"),
        ("x" * 41, "41 characters"),
        ("list", "hide what Python"),
        ("exception", "hide what Python"),
        ("value_error", "hide what Python"),
    ],
)
def test_names_that_are_refused(given: str, message: str) -> None:
    with pytest.raises(ScaffoldError, match=message):
        names_of(given)


def test_a_plural_is_checked_as_well() -> None:
    with pytest.raises(ScaffoldError, match="the plural"):
        names_of("article", "import")
    with pytest.raises(ScaffoldError, match=r"the plural .* keyword of SQL"):
        names_of("gain", "returning")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("article", "an article"),
        ("user", "a user"),
        ("hour", "an hour"),
        ("unit", "a unit"),
        ("umbrella", "an umbrella"),
    ],
)
def test_articles_before_words(words: str, expected: str) -> None:
    assert with_article(words) == expected
