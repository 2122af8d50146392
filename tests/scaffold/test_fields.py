"""Fields as the command line says them: what is understood, what is refused and why."""

from __future__ import annotations

import datetime
import decimal
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roadworthy.scaffold.errors import ScaffoldError
from roadworthy.scaffold.fields import MODIFIERS, TYPES, Field, parse_field


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ("title:str", Field("title", "str")),
        ("title:str:unique", Field("title", "str", unique=True)),
        ("title:str(40)", Field("title", "str", length=40)),
        ("title:str:index:optional", Field("title", "str", optional=True, index=True)),
        ("body:text", Field("body", "text")),
        ("published:bool=false", Field("published", "bool", default=False)),
        ("count:int=-3", Field("count", "int", default=-3)),
        ("ratio:float=1.5", Field("ratio", "float", default=1.5)),
        (
            "price:decimal=1.5",
            Field("price", "decimal", default=decimal.Decimal("1.50")),
        ),
        ("price:decimal(8,3)", Field("price", "decimal", digits=8, places=3)),
        (
            "day:date=2024-02-29",
            Field("day", "date", default=datetime.date(2024, 2, 29)),
        ),
        (
            "at:datetime=2025-01-31T12:00:00+02:00",
            Field(
                "at",
                "datetime",
                default=datetime.datetime(
                    2025, 1, 31, 10, tzinfo=datetime.timezone.utc
                ),
            ),
        ),
        (
            "key:uuid=12345678-1234-5678-1234-567812345678",
            Field("key", "uuid", default=uuid.UUID(hex="12345678" * 4)),
        ),
        ('extra:json={"a": [1]}', Field("extra", "json", default={"a": [1]})),
        (
            "state:enum(draft, public)=draft",
            Field("state", "enum", choices=("draft", "public"), default="draft"),
        ),
        ("way:enum(in,name)", Field("way", "enum", choices=("in", "name"))),
        ("author:user", Field("author", "reference", target="user")),
        (
            "post:BlogPost:optional",
            Field("post", "reference", True, target="blog_post"),
        ),
        (
            "note:text:optional=null",
            Field("note", "text", optional=True, default="null"),
        ),
        ("day:date:optional=null", Field("day", "date", optional=True)),
        # A value of its own is no null.
        (
            "mode:enum(none,some)=none",
            Field("mode", "enum", choices=("none", "some"), default="none"),
        ),
        ("type:str", Field("type", "str")),
        ("words:str=a=b:c", Field("words", "str", default="a=b:c")),
    ],
)
def test_understood(spec: str, expected: Field) -> None:
    assert parse_field(spec) == expected


def test_a_reference_is_a_column_with_id() -> None:
    assert parse_field("author:user").attribute == "author_id"


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ("title", "is not a field"),
        ("title:", "is not a type"),
        (":str", "snake case"),
        ("Title:str", "`title` would do"),
        ("class:str", "keyword"),
        # SQLAlchemy writes these without quotes, for SQLite and for PostgreSQL.
        ("returning:str", "keyword of SQL"),
        ("lateral:str", "keyword of SQL"),
        ("title:strr:uniqe", "not a modifier; .* did you mean `unique`"),
        ("title:str:unique:unique", "twice"),
        ("id:int", "has it already"),
        ("owner:user", "has it already"),
        ("owner_id:int", "has it already"),
        ("created_at:datetime", "has it already"),
        ("metadata:json", "SQLAlchemy"),
        ("registry:str", "SQLAlchemy"),
        ("copy:str", "Pydantic"),
        ("model_name:str", "Pydantic"),
        ("limit:int", "parameter of the list"),
        ("int:int", "generated classes"),
        ("self:int", "generated classes"),
        ("x" * 41 + ":str", "no room"),
        ("x" * 39 + ":user", "longer than"),
        ("body:text:unique", "MySQL cannot"),
        ("extra:json:index", "MySQL cannot"),
        ("on:bool:unique", "only as many rows"),
        ("title:str:unique:index", "leave out `index`"),
        ("title:str:unique=x", "second would clash"),
        ("title:str(0)", "1 to 768"),
        ("title:str(769)", "1 to 768"),
        ("title:str(x)", "is not a type"),
        ("price:decimal(16,2)", "1 to 15"),
        ("price:decimal(2,3)", "no more than that"),
        ("price:decimal(12)", "is not a type"),
        ("day:date(1)", "is not a type"),
        ("author:user(1)", "nothing in parentheses"),
        ("author:user=1", "cannot have a default"),
        ("state:enum", "two choices"),
        ("state:enum(a)", "two choices"),
        ("state:enum(a,a)", "twice"),
        ("state:enum(a,B)", "`b` would do"),
        ("state:enum(a,b c)", "snake case"),
        ("state:enum(a,b)=c", "the choices are a, b"),
        ("on:bool=yes", "`true` or `false`"),
        ("on:bool=false:index", "in front of the default"),
        ("count:int=1.5", "no default"),
        ("count:int=2147483648", "is not within"),
        ("ratio:float=nan", "no default"),
        ("ratio:float=1e999", "not finite"),
        ("price:decimal=1.234", "after the point"),
        ("price:decimal=99999999999", "digits"),
        ("price:decimal=" + "9" * 60, "no default"),
        ("day:date=2025-02-30", "no default"),
        ("day:date=0999-01-01", "1000"),
        ("at:datetime=2025-01-31T12:00:00", "zone"),
        ("at:datetime=0001-01-01T00:00:00+05:00", "no default"),
        ("key:uuid=1", "no default"),
        ("extra:json=[]", "object"),
        ("extra:json={", "no default"),
        ('extra:json={"a": NaN}', "NaN"),
        ("title:str=", "empty"),
        ("title:str= x", "blanks"),
        ("title:str(2)=abc", "longer than 2"),
        ("count:int=null", "only an `optional`"),
        ("count:int=٣", "no default"),
    ],
)
def test_refused(spec: str, message: str) -> None:
    with pytest.raises(ScaffoldError, match=message):
        parse_field(spec)


@given(st.text(alphabet="abz_01:=(),.é \n{}[]\"'-TZ", max_size=40))
def test_any_text_is_a_field_or_refused(text: str) -> None:
    try:
        parse_field(text)
    except ScaffoldError as error:
        assert str(error)


@given(
    st.sampled_from(TYPES),
    st.lists(st.sampled_from(MODIFIERS), unique=True),
    st.text(max_size=60),
)
def test_any_default_is_a_value_or_refused(
    kind: str, modifiers: list[str], default: str
) -> None:
    kind = "enum(a,b)" if kind == "enum" else kind
    try:
        parse_field(":".join(("field", kind, *modifiers)) + "=" + default)
    except ScaffoldError as error:
        assert str(error)
