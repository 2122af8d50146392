"""The fields of a resource, as `title:str:unique` and `published:bool=false` say them.

A field is `NAME:TYPE[:MODIFIER...][=DEFAULT]`. TYPE is one of `str`, `text`, `int`,
`float`, `decimal`, `bool`, `date`, `datetime`, `uuid`, `json`, `enum(a,b)`, or the name
of a resource, to which the field then refers. `str(100)` sets the length, `decimal(8,3)`
the digits and how many of them follow the point.
"""

from __future__ import annotations

import datetime
import decimal
import difflib
import json
import keyword
import math
import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from roadworthy.scaffold.errors import ScaffoldError
from roadworthy.scaffold.naming import LONGEST, check_identifier, check_word, snake

Kind = Literal[
    "str",
    "text",
    "int",
    "float",
    "decimal",
    "bool",
    "date",
    "datetime",
    "uuid",
    "json",
    "enum",
    "reference",
]

Value: TypeAlias = (
    "str | int | float | bool | decimal.Decimal | datetime.date | uuid.UUID | list[object]"
    " | dict[str, object]"
)
"""What a default can be; of an enumeration, the choice as text."""

TYPES = (
    *("str", "text", "int", "float", "decimal", "bool", "date", "datetime", "uuid"),
    *("json", "enum"),
)
MODIFIERS = ("optional", "unique", "index")

STR_LENGTH = 255
STR_LONGEST = 768
"""The characters that fit the 3,072 bytes of an index key of MySQL, four bytes each."""
TEXT_LENGTH = 10_000
INT_LOWEST, INT_HIGHEST = -(2**31), 2**31 - 1
DECIMAL_DIGITS, DECIMAL_PLACES = 12, 2
DECIMAL_MOST = 15
"""Digits that SQLite keeps exactly: it has no decimal numbers and stores a double."""
EARLIEST, LATEST = datetime.date(1000, 1, 1), datetime.date(9999, 12, 31)
"""What DATE holds in all three databases: MySQL's begins with the year 1000."""

# The columns that every resource has, and what Pydantic, SQLAlchemy and the parameters
# of lists already call so.
TAKEN = {
    **dict.fromkeys(
        ("id", "owner", "owner_id", "created_at", "updated_at"),
        "every resource has it already",
    ),
    **dict.fromkeys(
        ("metadata", "registry", "type_annotation_map"),
        "SQLAlchemy's models keep something else under it",
    ),
    **dict.fromkeys(
        (
            *("copy", "dict", "json", "schema", "schema_json", "validate", "construct"),
            *(
                "parse_obj",
                "parse_raw",
                "parse_file",
                "from_orm",
                "update_forward_refs",
            ),
        ),
        "Pydantic's models have a method of that name",
    ),
    **dict.fromkeys(
        ("limit", "after", "filters"),
        "it is a parameter of the list",
    ),
    **dict.fromkeys(
        (
            *("str", "int", "float", "bool", "bytes", "list", "dict", "tuple", "set"),
            *("object", "property", "classmethod", "staticmethod", "dt"),
            *("mapped_column", "relationship", "self"),
        ),
        "the generated classes use that name",
    ),
}


_SPEC = re.compile(
    r"(?P<name>[^:=()]*):(?P<type>[^:=()]*)(?:\((?P<arguments>[^()]*)\))?"
    r"(?P<modifiers>(?::[^:=()]*)*)(?:=(?P<default>.*))?",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Field:
    """One field: a column of the model, a member of the schemas.

    `length` counts the characters of a `str`; `digits` and `places` are those of a
    `decimal`; `choices` those of an `enum`, in order; `target` is the resource that a
    reference names. `default` is None where there is none, or where it is NULL.
    """

    name: str
    kind: Kind
    optional: bool = False
    unique: bool = False
    index: bool = False
    default: Value | None = None
    length: int = STR_LENGTH
    digits: int = DECIMAL_DIGITS
    places: int = DECIMAL_PLACES
    choices: tuple[str, ...] = ()
    target: str | None = None

    @property
    def attribute(self) -> str:
        """The name of the column: `author_id` for a reference called `author`."""
        return f"{self.name}_id" if self.kind == "reference" else self.name

    @property
    def required(self) -> bool:
        """Whether whoever creates the resource has to give it."""
        return not self.optional and self.default is None

    @property
    def indexed(self) -> bool:
        """Whether the column has an index of its own, unique ones apart."""
        return (self.index or self.kind == "reference") and not self.unique


def parse_field(spec: str) -> Field:
    """Return the field that `title:str:unique` describes.

    Raises:
        ScaffoldError: it describes none; the message quotes it and says what to write.
    """
    match = _SPEC.fullmatch(spec)
    if match is None:
        raise ScaffoldError(
            f"`{spec}` is not a field; write NAME:TYPE[:MODIFIER...][=DEFAULT], such as "
            "`title:str:unique`, `published:bool=false` or `state:enum(draft,public)`"
        )
    name, word = match["name"], match["type"]
    check_identifier(name, "the field")
    modifiers = match["modifiers"].split(":")[1:]
    _check_modifiers(spec, modifiers)
    plain = Field(
        name,
        _kind(spec, word),
        optional="optional" in modifiers,
        unique="unique" in modifiers,
        index="index" in modifiers,
    )
    field = _with_arguments(spec, plain, word, match["arguments"])
    _check_name(field)
    _check_index(spec, field)
    if match["default"] is None:
        return field
    return _with(field, default=_default(spec, field, match["default"]))


def _with(field: Field, **changes: object) -> Field:
    import dataclasses

    return dataclasses.replace(field, **changes)  # type: ignore[arg-type]


def _kind(spec: str, word: str) -> Kind:
    for kind in TYPES:
        if word == kind:
            return kind  # type: ignore[return-value]
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_-]*", word) or keyword.iskeyword(word):
        raise ScaffoldError(
            f"`{spec}`: `{word}` is not a type; there are {', '.join(TYPES)}, and "
            "the names of other resources"
        )
    return "reference"


def unknown_type(spec: str, known: tuple[str, ...]) -> ScaffoldError:
    """Return the error for a type that is neither one of ours nor a resource's name."""
    near = difflib.get_close_matches(spec, (*TYPES, *known), n=1)
    hint = f"; did you mean `{near[0]}`?" if near else ""
    resources = ", ".join(known) or "none"
    return ScaffoldError(
        f"`{spec}` is neither a type ({', '.join(TYPES)}) nor a resource of this "
        f"project ({resources}){hint}"
    )


def _check_modifiers(spec: str, modifiers: list[str]) -> None:
    for modifier in modifiers:
        if modifier not in MODIFIERS:
            near = difflib.get_close_matches(modifier, MODIFIERS, n=1)
            hint = f"; did you mean `{near[0]}`?" if near else ""
            raise ScaffoldError(
                f"`{spec}`: `{modifier}` is not a modifier; there are "
                f"{', '.join(MODIFIERS)}, and a default such as `=value`{hint}"
            )
        if modifiers.count(modifier) > 1:
            raise ScaffoldError(f"`{spec}` says `{modifier}` twice")


def _check_name(field: Field) -> None:
    name = field.attribute
    if reason := TAKEN.get(name) or TAKEN.get(field.name):
        raise ScaffoldError(f"a field cannot be called `{field.name}`: {reason}")
    if name.startswith("model_"):
        raise ScaffoldError(
            f"a field cannot be called `{field.name}`: names with `model_` in front "
            "are Pydantic's"
        )
    if len(name) > LONGEST:
        raise ScaffoldError(f"the column `{name}` is longer than {LONGEST} characters")


def _check_index(spec: str, field: Field) -> None:
    if not (field.unique or field.index):
        return
    word = "unique" if field.unique else "index"
    if field.kind in ("text", "json"):
        raise ScaffoldError(
            f"`{spec}`: MySQL cannot keep a `{field.kind}` in an index, so it cannot be "
            f"`{word}`; a `str` of at most {STR_LONGEST} characters can"
        )
    if field.unique and field.index:
        raise ScaffoldError(
            f"`{spec}`: what is `unique` has an index; leave out `index`"
        )
    if field.unique and field.kind in ("bool", "enum"):
        raise ScaffoldError(
            f"`{spec}`: a unique `{field.kind}` would allow only as many rows as it "
            "has values"
        )


def _with_arguments(spec: str, field: Field, word: str, text: str | None) -> Field:
    if field.kind == "enum":
        return _with(field, choices=_choices(spec, text))
    if field.kind == "reference":
        if text is not None:
            raise ScaffoldError(f"`{spec}`: a reference takes nothing in parentheses")
        return _with(field, target=snake(word))
    if text is None:
        return field
    if field.kind == "str" and (match := re.fullmatch(r"\s*(\d{1,9})\s*", text)):
        length = int(match[1])
        if not 1 <= length <= STR_LONGEST:
            raise ScaffoldError(
                f"`{spec}`: a `str` has 1 to {STR_LONGEST} characters; `text` holds more"
            )
        return _with(field, length=length)
    if field.kind == "decimal" and (
        match := re.fullmatch(r"\s*(\d{1,9})\s*,\s*(\d{1,9})\s*", text)
    ):
        digits, places = int(match[1]), int(match[2])
        if not (1 <= digits <= DECIMAL_MOST and places <= digits):
            raise ScaffoldError(
                f"`{spec}`: a `decimal` has 1 to {DECIMAL_MOST} digits, and no more "
                "than that follow the point"
            )
        return _with(field, digits=digits, places=places)
    raise ScaffoldError(
        f"`{spec}`: `{field.kind}({text})` is not a type; `str(100)`, `decimal(12,2)` "
        "and `enum(a,b)` take something in parentheses"
    )


def _choices(spec: str, text: str | None) -> tuple[str, ...]:
    choices = tuple(part.strip() for part in (text or "").split(",") if part.strip())
    if len(choices) < 2:
        raise ScaffoldError(f"`{spec}`: an enum needs two choices or more: `enum(a,b)`")
    for choice in choices:
        # Members are in capitals, where neither keywords nor methods are.
        check_word(choice, f"`{spec}`: the choice")
    if len(set(choices)) < len(choices):
        raise ScaffoldError(f"`{spec}` names a choice twice")
    return choices


def _default(spec: str, field: Field, text: str) -> Value | None:
    if match := re.search(r":(optional|unique|index)$", text):
        raise ScaffoldError(
            f"`{spec}`: write `{match[0]}` in front of the default, which comes last"
        )
    if field.unique:
        raise ScaffoldError(
            f"`{spec}`: what is unique cannot have a default: the second would clash"
        )
    if field.kind == "reference":
        raise ScaffoldError(f"`{spec}`: a reference cannot have a default")
    # A text, or one of an enum's own values, is no null.
    means_null = field.kind not in ("str", "text") and text not in field.choices
    if text in ("null", "none", "None") and means_null:
        if field.optional:
            return None
        raise ScaffoldError(f"`{spec}`: only an `optional` field may be null")
    try:
        return _READ[field.kind](text, field)
    except (ValueError, ArithmeticError, RecursionError) as error:
        reason = f": {error}" if isinstance(error, _WrongDefaultError) else ""
        raise ScaffoldError(
            f"`{spec}`: `{text}` is no default for {_KIND_IN_WORDS[field.kind]}{reason}"
        ) from None


class _WrongDefaultError(ValueError):
    """A default of the right form that the field cannot hold; the message says why."""


def _read_str(text: str, field: Field) -> Value:
    most = field.length if field.kind == "str" else TEXT_LENGTH
    if not text.strip():
        raise _WrongDefaultError("it is empty, which the schema refuses")
    if text != text.strip():
        raise _WrongDefaultError("the schema strips blanks at both ends")
    if not text.isprintable():
        raise _WrongDefaultError("it holds characters that cannot be printed")
    if len(text) > most:
        raise _WrongDefaultError(f"it is longer than {most} characters")
    return text


def _read_int(text: str, field: Field) -> Value:
    if not re.fullmatch(r"[+-]?[0-9]{1,20}", text):
        raise ValueError
    number = int(text)
    if not INT_LOWEST <= number <= INT_HIGHEST:
        raise _WrongDefaultError(f"it is not within {INT_LOWEST} and {INT_HIGHEST}")
    return number


def _read_float(text: str, field: Field) -> Value:
    if not re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", text):
        raise ValueError
    number = float(text)
    if not math.isfinite(number):
        raise _WrongDefaultError("it is not finite")
    return number


def _read_decimal(text: str, field: Field) -> Value:
    if not re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)", text):
        raise ValueError
    number = decimal.Decimal(text)
    quantum = decimal.Decimal(1).scaleb(-field.places)
    if number != number.quantize(quantum):
        raise _WrongDefaultError(
            f"it has more than {field.places} digits after the point"
        )
    if abs(number) >= decimal.Decimal(10) ** (field.digits - field.places):
        raise _WrongDefaultError(f"it has more than {field.digits} digits")
    return number.quantize(quantum)


def _read_bool(text: str, field: Field) -> Value:
    if text.lower() not in ("true", "false"):
        raise _WrongDefaultError("write `true` or `false`")
    return text.lower() == "true"


def _read_date(text: str, field: Field) -> Value:
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        raise _WrongDefaultError("write it as 2025-01-31")
    value = datetime.date.fromisoformat(text)
    if value < EARLIEST:
        raise _WrongDefaultError(f"MySQL's dates begin with {EARLIEST}")
    return value


def _read_datetime(text: str, field: Field) -> Value:
    shape = r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)"
    if not re.fullmatch(shape, text):
        raise _WrongDefaultError("write it with its zone, as 2025-01-31T12:00:00Z")
    value = datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
    value = value.astimezone(datetime.timezone.utc)
    if value.date() < EARLIEST:
        raise _WrongDefaultError(f"MySQL's dates begin with {EARLIEST}")
    return value


def _read_uuid(text: str, field: Field) -> Value:
    return uuid.UUID(text)


def _read_json(text: str, field: Field) -> Value:
    def refuse(constant: str) -> object:
        raise _WrongDefaultError(f"JSON has no {constant}")

    value = json.loads(text, parse_constant=refuse)
    if not isinstance(value, dict):
        raise _WrongDefaultError("the field holds an object, such as {}")
    return value


def _read_enum(text: str, field: Field) -> Value:
    if text not in field.choices:
        raise _WrongDefaultError(f"the choices are {', '.join(field.choices)}")
    return text


_READ: dict[str, Callable[[str, Field], Value]] = {
    "str": _read_str,
    "text": _read_str,
    "int": _read_int,
    "float": _read_float,
    "decimal": _read_decimal,
    "bool": _read_bool,
    "date": _read_date,
    "datetime": _read_datetime,
    "uuid": _read_uuid,
    "json": _read_json,
    "enum": _read_enum,
}

_KIND_IN_WORDS = {
    **{kind: f"a `{kind}`" for kind in TYPES},
    "int": "an `int`",
    "enum": "an `enum`",
}
