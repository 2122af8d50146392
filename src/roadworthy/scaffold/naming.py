"""The names of a resource: singular and plural, for modules, classes, tables and URLs."""

from __future__ import annotations

import builtins
import functools
import keyword
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from roadworthy.scaffold.errors import ScaffoldError

if TYPE_CHECKING:
    from pluralizer import Pluralizer

LONGEST = 40
"""Characters of a resource's or field's name: MySQL allows 64 in `ix_<table>_<column>`,
and PostgreSQL cuts at 63 bytes."""

LONGEST_TOGETHER = 59
"""Characters of table and column together: `uq_`, and `_` between them, come besides."""

TAKEN_NAMES = frozenset(
    (
        *("app", "caller", "crud", "cut", "data", "defaults", "dt", "error", "filters"),
        *("httpx", "name", "names", "number", "numbers", "owner", "path", "problems"),
        *("pytest", "query", "reader", "router", "row", "rows", "select", "self"),
        *("session", "statement", "status", "unset", "value", "values"),
    )
)
"""Names that the generated functions give to other things than a resource."""

UNQUOTED = frozenset(
    (
        *("collation", "concurrently", "lateral", "nothing", "returning"),
        *("system_user", "tablesample"),
    )
)
"""Words that PostgreSQL or SQLite reserve, and that SQLAlchemy writes without quotes."""

# How a word begins, not how it is written, decides between "a" and "an".
_VOWEL = re.compile(r"(?!eu|one|u(?:ni|s[aeu]|t[ei]))[aeiou]|hono|hour|heir")
_SNAKE = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Names:
    """The forms of a resource's name: `blog_post`, `blog_posts`."""

    singular: str
    plural: str

    @property
    def pascal(self) -> str:
        """The name of the model: `BlogPost`."""
        return pascal(self.singular)

    @property
    def words(self) -> str:
        """For sentences: `blog post`."""
        return self.singular.replace("_", " ")

    @property
    def plural_words(self) -> str:
        """For sentences about several: `blog posts`."""
        return self.plural.replace("_", " ")

    @property
    def path(self) -> str:
        """The segment of a URL: `blog-posts`."""
        return self.plural.replace("_", "-")

    @property
    def scope(self) -> str:
        """The beginning of the resource's OAuth2 scopes: `blog_posts`."""
        return self.plural


def pascal(snake: str) -> str:
    """Return `blog_post` as `BlogPost`."""
    return "".join(part[:1].upper() + part[1:] for part in snake.split("_"))


def snake(name: str) -> str:
    """Return `BlogPost` or `blog-post` as `blog_post`."""
    spread = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name)
    return spread.replace("-", "_").lower()


def with_article(words: str) -> str:
    """Return `an article` for `article`, `a user` for `user`."""
    return f"{'an' if _VOWEL.match(words) else 'a'} {words}"


def names_of(given: str, plural: str | None = None) -> Names:
    """Return the names of a resource, from what was given on the command line.

    `plural` stands for the plural that English grammar would give.

    Raises:
        ScaffoldError: the name cannot be used; the message says why and offers another.
    """
    singular = _name(given, "the resource")
    if plural is None:
        _refuse_plural(singular)
        head, _, last = singular.rpartition("_")
        inflected = _plural_of(last)
        plural = f"{head}_{inflected}" if head else inflected
        try:
            _name(plural, "the plural")
        except ScaffoldError as error:
            raise ScaffoldError(f"{error}; give another with --plural") from None
    else:
        plural = _name(plural, "the plural")
    return Names(singular, plural)


def check_word(text: str, what: str) -> None:
    """See to it that a text is in snake case and not too long.

    Raises:
        ScaffoldError: it is not; the message offers one that is.
    """
    if not _SNAKE.fullmatch(text):
        near = re.sub(r"[^a-z0-9]+", "_", snake(text)).strip("_")
        hint = f"; `{near}` would do" if _SNAKE.fullmatch(near) else ""
        raise ScaffoldError(
            f"{what} `{text}` must be in snake case: small letters, digits and single "
            f"underscores, a letter first{hint}"
        )
    if len(text) > LONGEST:
        raise ScaffoldError(
            f"{what} `{text}` has {len(text)} characters; databases have no room for "
            f"more than {LONGEST}"
        )


def check_identifier(text: str, what: str) -> None:
    """See to it that a text is a snake-case name that Python, too, can use.

    Raises:
        ScaffoldError: it is not; the message says why.
    """
    check_word(text, what)
    if keyword.iskeyword(text):
        raise ScaffoldError(f"{what} `{text}` is a keyword of Python")
    if text in UNQUOTED:
        raise ScaffoldError(
            f"{what} `{text}` is a keyword of SQL that statements would hold unquoted"
        )


def _name(given: str, what: str) -> str:
    # `BlogPost` and `blog-post` are plain enough.
    text = snake(given) if re.fullmatch(r"[A-Za-z][A-Za-z0-9_-]*", given) else given
    check_identifier(text, what)
    if hasattr(builtins, text) or hasattr(builtins, pascal(text)):
        raise ScaffoldError(
            f"{what} `{given}` would hide what Python itself calls so; choose another "
            "name"
        )
    return text


def _refuse_plural(singular: str) -> None:
    """Refuse `articles`, whose plural would be `articles` too."""
    head, _, last = singular.rpartition("_")
    english = _english()
    if english.is_singular(last) or not english.is_plural(last):
        return
    single = english.singular(last)
    wanted = f"{head}_{single}" if head else single
    advice = (
        f"name one: `{wanted}`" if _would_do(wanted, singular) else "name one of them"
    )
    raise ScaffoldError(
        f"the resource `{singular}` is a plural; {advice} (if it is not, say what the "
        "plural is with --plural)"
    )


def _would_do(singular: str, plural: str) -> bool:
    """Whether a resource can have these names, as far as can be told from them."""
    try:
        _name(singular, "the resource")
    except ScaffoldError:
        return False
    return TAKEN_NAMES.isdisjoint((singular, plural))


def _plural_of(word: str) -> str:
    return re.sub(r"[^a-z0-9]", "_", _english().plural(word).lower())


@functools.cache
def _english() -> Pluralizer:
    from pluralizer import Pluralizer

    return Pluralizer()  # type: ignore[no-untyped-call]
