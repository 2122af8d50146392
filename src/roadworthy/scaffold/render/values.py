"""`app/schemas/values.py`, which the schemas of a project's resources share."""

from __future__ import annotations

from roadworthy.scaffold.render.source import Style
from roadworthy.scaffold.resource import Resource

PATH = "app/schemas/values.py"
TESTS = "tests/test_values.py"

SOURCE = '''"""Values in requests that every database stores, and returns as they were sent."""

import datetime as dt
import json
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Annotated, Any, Final

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    JsonValue,
    PlainSerializer,
    WithJsonSchema,
)

from app.schemas.base import Id

INTEGER_MAX: Final = 2**31 - 1
DAY: Final = r"^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}$"
#: Without the first and the last year, which other time zones may put out of range.
MOMENT: Final = r"^[1-8][0-9]{3}-[0-9]{2}-[0-9]{2}T.*([Zz]|[+-][0-9]{2}:[0-9]{2})$"
DECIMAL: Final = r"^-?[0-9]+(\\.[0-9]+)?$"


def day_text(value: object) -> object:
    """Refuse numbers, which would be taken for seconds since 1970."""
    if isinstance(value, dt.date) or (isinstance(value, str) and re.match(DAY, value)):
        return value
    raise ValueError("a date such as 2025-01-31 is needed")


def moment_text(value: object) -> object:
    """Refuse numbers, and moments without a time zone."""
    if isinstance(value, dt.datetime) or (
        isinstance(value, str) and re.match(MOMENT, value)
    ):
        return value
    raise ValueError("a moment such as 2025-01-31T12:00:00Z is needed")


def decimal_text(value: object) -> object:
    """Refuse JSON's numbers, which lose digits on their way."""
    if isinstance(value, Decimal) or (
        isinstance(value, str) and re.match(DECIMAL, value)
    ):
        return value
    raise ValueError("a decimal number as text is needed, such as \\"12.50\\"")


def flag_text(value: object) -> object:
    """Take `true` and `false`, not the many other words that could mean them."""
    if value in ("true", "false") or isinstance(value, bool):
        return value
    raise ValueError("true or false is needed")


def utc(value: dt.datetime) -> dt.datetime:
    """Return the moment in UTC."""
    return value.astimezone(dt.UTC)


def places(count: int) -> Callable[[Decimal], Decimal]:
    """Return what gives a number as many decimal places as its column has."""
    quantum = Decimal(1).scaleb(-count)
    return lambda value: value.quantize(quantum) + 0  # no negative zero


def digits(value: Decimal) -> str:
    """Return a number as a request may send it: `0.00000001`, not `1E-8`."""
    return f"{value:f}"


def storable(value: dict[str, Any]) -> dict[str, Any]:
    """Refuse what JSON cannot say, and what PostgreSQL cannot store."""
    try:
        text = json.dumps(value, allow_nan=False, ensure_ascii=False)
        text.encode()
    except ValueError:
        raise ValueError("only finite numbers and whole characters") from None
    if "\\\\u0000" in text:
        raise ValueError("no NUL characters")
    return value


Key = Annotated[Id, Field(strict=True)]
Whole = Annotated[int, Field(strict=True, ge=-INTEGER_MAX - 1, le=INTEGER_MAX)]
QueryWhole = Annotated[int, Field(ge=-INTEGER_MAX - 1, le=INTEGER_MAX)]
Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
DecimalText = Annotated[
    Decimal,
    BeforeValidator(decimal_text),
    WithJsonSchema({"type": "string", "pattern": DECIMAL}, mode="validation"),
]
DecimalShown = Annotated[
    Decimal,
    PlainSerializer(digits, when_used="json"),
    WithJsonSchema({"type": "string", "pattern": DECIMAL}, mode="serialization"),
]
Day = Annotated[
    dt.date,
    BeforeValidator(day_text),
    WithJsonSchema({"type": "string", "format": "date", "pattern": DAY}),
]
Moment = Annotated[
    dt.datetime,
    BeforeValidator(moment_text),
    AfterValidator(utc),
    WithJsonSchema({"type": "string", "format": "date-time", "pattern": MOMENT}),
]
JsonObject = Annotated[dict[str, JsonValue], AfterValidator(storable)]
QueryFlag = Annotated[
    bool, BeforeValidator(flag_text), WithJsonSchema({"type": "boolean"})
]
'''

TEST_SOURCE = '''"""Values in requests: what is taken, in which form, and what is refused."""

import datetime as dt
from decimal import Decimal
from typing import Annotated, Any

import pytest
from pydantic import AfterValidator, Field, TypeAdapter, ValidationError

from app.schemas.values import (
    Day,
    DecimalShown,
    DecimalText,
    JsonObject,
    Key,
    Moment,
    Number,
    QueryFlag,
    Whole,
    places,
)

Price = Annotated[
    DecimalText, Field(max_digits=5, decimal_places=2), AfterValidator(places(2))
]
NOON = dt.datetime(2025, 1, 31, 12, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("kind", "sent", "expected"),
    [
        (Day, "2025-01-31", dt.date(2025, 1, 31)),
        (Day, dt.date(2025, 1, 31), dt.date(2025, 1, 31)),
        (Moment, "2025-01-31T12:00:00Z", NOON),
        (Moment, "2025-01-31T14:00:00+02:00", NOON),
        (Moment, NOON, NOON),
        (Price, "12.5", Decimal("12.50")),
        (Price, Decimal(3), Decimal("3.00")),
        (Number, 1, 1.0),
        (Whole, -(2**31), -(2**31)),
        (Key, 1, 1),
        (QueryFlag, "true", True),
        (QueryFlag, False, False),
        (JsonObject, {"a": [1, None, {"b": "c"}]}, {"a": [1, None, {"b": "c"}]}),
    ],
)
def test_taken(kind: Any, sent: object, expected: object) -> None:
    assert TypeAdapter(kind).validate_python(sent) == expected


def test_small_numbers_are_shown_as_they_may_be_sent() -> None:
    shown = TypeAdapter(DecimalShown).dump_json(Decimal("1E-8"))
    assert shown == b'"0.00000001"'
    assert TypeAdapter(DecimalText).validate_json(shown) == Decimal("1E-8")


def test_there_is_no_negative_zero() -> None:
    assert str(TypeAdapter(Price).validate_python("-0.00")) == "0.00"


@pytest.mark.parametrize(
    ("kind", "sent"),
    [
        (Day, 1),
        (Day, "1"),
        (Day, "2025-02-30"),
        (Moment, 1),
        (Moment, "2025-01-31T12:00:00"),
        (Moment, "9999-12-31T23:59:59-01:00"),
        (Price, 1.5),
        (Price, "1e1"),
        (Price, "1.234"),
        (Price, "1234"),
        (Number, "1"),
        (Number, float("nan")),
        (Whole, 2**31),
        (Whole, 1.0),
        (Key, 0),
        (Key, "1"),
        (QueryFlag, "1"),
        (JsonObject, []),
        (JsonObject, {"a": "\\x00"}),
        (JsonObject, {"a": "\\ud800"}),
        (JsonObject, {"a": float("inf")}),
    ],
)
def test_refused(kind: Any, sent: object) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(kind).validate_python(sent)
'''

NAMES = (
    *("Day", "DecimalShown", "DecimalText", "JsonObject", "Key", "Moment", "Number"),
    *("QueryFlag", "QueryWhole", "Whole", "places"),
)

_KINDS = ("int", "float", "decimal", "bool", "date", "datetime", "json", "reference")


def needed(resource: Resource) -> bool:
    """Whether a schema of the resource imports the module."""
    return any(field.kind in _KINDS for field in resource.fields)


def render(style: Style) -> str:
    """Return the module, formatted as the project has it."""
    return style.format(SOURCE)


def render_tests(style: Style) -> str:
    """Return the tests of the module."""
    return style.format(TEST_SOURCE)
