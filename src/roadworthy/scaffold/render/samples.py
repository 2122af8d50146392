"""Values for the generated tests: valid ones, others, and ones to refuse."""

from __future__ import annotations

import datetime
import decimal
import json
import uuid

from roadworthy.scaffold.fields import INT_HIGHEST, TEXT_LENGTH, Field
from roadworthy.scaffold.render import columns
from roadworthy.scaffold.resource import Resource

_DAY = datetime.date(2025, 1, 31)
_MOMENT = datetime.datetime(2025, 1, 31, 12, 30, tzinfo=datetime.timezone.utc)
_NAMESPACE = uuid.UUID("5b1f2f0e-2f1c-4f0b-9a43-0a3f8f5d8f10")


def sample(field: Field, number: int) -> object:
    """Return the value of a number; fields of two values or more have two at least."""
    match field.kind:
        case "str":
            return _words(field, number)[-field.length :]
        case "text":
            return f"Some words on {field.name.replace('_', ' ')}, {number}"
        case "int":
            return 7 + number
        case "float":
            return 1.5 + number
        case "decimal":
            units = (125 + number) % 10**field.digits
            return decimal.Decimal(units).scaleb(-field.places)
        case "bool":
            return number % 2 == 0
        case "date":
            return _DAY + datetime.timedelta(days=number)
        case "datetime":
            return _MOMENT + datetime.timedelta(hours=number)
        case "uuid":
            return uuid.uuid5(_NAMESPACE, f"{field.name} {number}")
        case "json":
            return {"number": number, "parts": ["a", None, 1.5, True]}
        case "enum":
            return field.choices[number % len(field.choices)]
    raise ValueError(f"{field.kind} has no samples")


def in_source(field: Field, resource: Resource, number: int) -> str:
    """Return a sample as Python source, of the type that the model has."""
    return columns.literal(field, resource, sample(field, number))


def in_json(field: Field, number: int) -> str:
    """Return a sample as Python source, as JSON has it and the service returns it."""
    value = sample(field, number)
    match value:
        case decimal.Decimal():
            return repr(f"{value:f}")
        case uuid.UUID():
            return repr(str(value))
        case datetime.datetime():
            return repr(value.strftime("%Y-%m-%dT%H:%M:%SZ"))
        case datetime.date():
            return repr(value.isoformat())
    return repr(value)


def in_query(field: Field, number: int) -> str:
    """Return a sample as Python source, as it stands in a query."""
    if field.kind == "bool":
        return repr(json.dumps(sample(field, number)))
    return in_json(field, number)


def refused(field: Field) -> list[str]:
    """Return values that the schema has to refuse, as Python source."""
    found = {
        "str": ['""', f'"a" * {field.length + 1}', '"\\x00"', "1"],
        "text": [f'"a" * {TEXT_LENGTH + 1}', '"\\x00"', "1"],
        "int": ['"1"', "1.5", str(INT_HIGHEST + 1)],
        "float": ['"1"', "True"],
        "decimal": [
            "1.5",
            f'"{"9" * (field.digits + 1)}"',
            f'"0.{"1" * (field.places + 1)}"',
            '"NaN"',
        ],
        "bool": ['"true"', "1"],
        "date": ["1", '"2025-02-30"', '"today"'],
        "datetime": ["1", '"2025-01-31T12:00:00"', '"9999-12-31T23:59:59-01:00"'],
        "uuid": ['"1"', "1"],
        "json": ["[]", '"{}"', '{"a": "\\x00"}'],
        "enum": ['"no such choice"', "1"],
        "reference": ["0", '"1"'],
    }[field.kind]
    return found if field.optional else ["None", *found]


def in_factory(field: Field, resource: Resource) -> str:
    """Return source for a value that differs from row to row, by the name `number`."""
    match field.kind:
        case "str":
            label = field.name.replace("_", " ").capitalize()
            if len(label) + 8 <= field.length:
                return f'f"{label} {{number}}"'
            return f"str(number)[-{field.length}:]"
        case "int":
            return "number"
        case "float":
            return "number + 0.5"
        case "decimal":
            return f"Decimal(number % 10**{field.digits}).scaleb(-{field.places})"
        case "date":
            return "dt.date(2025, 1, 1) + dt.timedelta(days=number)"
        case "datetime":
            return "dt.datetime(2025, 1, 1, tzinfo=dt.UTC) + dt.timedelta(hours=number)"
        case "uuid":
            return "uuid4()"
        case "json":
            return '{"number": number}'
    return in_source(field, resource, 0)


def _words(field: Field, number: int) -> str:
    label = field.name.replace("_", " ").capitalize()
    return f"{label} {'ABCDEFG'[number % 7]}"
