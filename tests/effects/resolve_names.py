"""Says which dotted names exist in the libraries of the interpreter that runs it.

A program of the standard library alone, run by `test_catalogue_names.py` with the
interpreter of the environment that holds the libraries. Reads JSON from standard input,
`{"names": [[name, dynamic], ...], "aliases": [[defining, public], ...]}`, and writes JSON,
a list of `[kind, name, problem]`, to the file named by its argument. Kind is `name` or
`alias`; a problem of the kind `absent` means that the library itself is not there.
"""

from __future__ import annotations

import fnmatch
import functools
import importlib
import inspect
import json
import sys
import types
import typing
import warnings
from dataclasses import dataclass
from pathlib import Path


class LibraryAbsentError(Exception):
    """The top-level package of a name cannot be imported."""


class NameMissingError(Exception):
    """A part of a dotted name does not exist. The message says which."""


@dataclass(frozen=True)
class Step:
    """What a part of a dotted name stands for: an object, or an instance of a class."""

    value: object
    is_instance: bool = False


def plain_class(annotation: object) -> type | None:
    """The class that an annotation names, optional ones and parameters taken off."""
    origin = typing.get_origin(annotation)
    if origin is typing.Union or origin is types.UnionType:
        classes = [
            plain_class(part)
            for part in typing.get_args(annotation)
            if part is not type(None)
        ]
        return classes[0] if len(classes) == 1 else None
    found = annotation if origin is None else origin
    return found if isinstance(found, type) else None


def annotation_of(owner: type, name: str) -> object | None:
    """The annotation of an attribute of a class, or of a base; a string where unresolvable."""
    for base in owner.__mro__:
        annotations = inspect.get_annotations(base)
        if name not in annotations:
            continue
        annotation: object = annotations[name]
        if not isinstance(annotation, str):
            return annotation
        try:
            scope = vars(sys.modules[base.__module__])
            found: object = eval(annotation, scope, dict(vars(base)))
        except Exception:
            return annotation
        return found
    return None


def result_class(function: object) -> type | None:
    """The class that a property or function returns, by its annotation."""
    target = inspect.unwrap(typing.cast("typing.Callable[..., object]", function))
    try:
        return plain_class(typing.get_type_hints(target).get("return"))
    except Exception:
        pass
    annotation = getattr(target, "__annotations__", {}).get("return")
    if not isinstance(annotation, str):
        return plain_class(annotation)
    namespace = dict(getattr(target, "__globals__", {}))
    code = getattr(target, "__code__", None)
    # An import inside the property, or one under TYPE_CHECKING, names the class.
    for line in inspect.getsource(target).splitlines() if code else []:
        words = line.split()
        if len(words) == 4 and words[0] == "from" and words[2] == "import":
            package = str(namespace.get("__package__") or "")
            try:
                module = importlib.import_module(words[1], package)
                namespace[words[3]] = getattr(module, words[3])
            except Exception:
                continue
    try:
        return plain_class(eval(annotation, namespace))
    except Exception:
        return None


def member(step: Step, name: str, path: str) -> Step:
    """One step down a dotted name. Raises NameMissingError."""
    value = step.value
    if isinstance(value, types.ModuleType):
        try:
            found = getattr(value, name)
        except Exception:
            try:
                return Step(importlib.import_module(f"{value.__name__}.{name}"))
            except ImportError as error:
                raise NameMissingError(f"{path} has no {name!r}") from error
        # A submodule may be hidden by what the package calls by the same name; that one counts.
        return Step(found)
    if not isinstance(value, type):
        try:
            return Step(getattr(value, name))
        except Exception as error:
            raise NameMissingError(f"{path} has no {name!r}") from error
    try:
        found = inspect.getattr_static(value, name)
    except AttributeError:
        annotation = annotation_of(value, name)
        if annotation is not None:
            known = plain_class(annotation)
            return Step(known if known is not None else object(), is_instance=True)
        if name in getattr(value, "model_fields", {}) or name in getattr(
            value, "__slots__", ()
        ):
            return Step(object(), is_instance=True)
        try:
            return Step(getattr(value, name))  # a metaclass's attribute
        except Exception as error:
            raise NameMissingError(f"{path} has no {name!r}") from error
    getter = found.fget if isinstance(found, property) else None
    if isinstance(found, functools.cached_property):
        getter = found.func
    if getter is not None:
        known = result_class(getter)
        return Step(known if known is not None else object(), is_instance=True)
    if isinstance(found, (staticmethod, classmethod)):
        return Step(found.__func__)
    return Step(found)


@functools.cache
def library(name: str) -> Step | str:
    """The module of a library, or why it cannot be imported."""
    try:
        return Step(importlib.import_module(name))
    except Exception as error:  # libraries fail in ways of their own
        return f"no library {name!r} ({error!r})"


def top(name: str) -> Step:
    """The module that a dotted name begins with. Raises LibraryAbsentError."""
    found = library(name)
    if isinstance(found, str):
        raise LibraryAbsentError(found)
    return found


def members(step: Step) -> list[str]:
    """The names below a module, class or object; those that a module makes on demand too."""
    names = set(dir(step.value))
    if isinstance(step.value, types.ModuleType):
        names.update(getattr(step.value, "__all__", ()))
        for table in vars(
            step.value
        ).values():  # a table from names to where they come from
            if isinstance(table, dict) and all(isinstance(key, str) for key in table):
                names.update(table)
    return sorted(
        name for name in names if name.isidentifier() and not name.startswith("__")
    )


def walk(step: Step, parts: list[str], path: str) -> None:
    """Follow the parts of a name or pattern. Raises NameMissingError."""
    for index, part in enumerate(parts):
        rest = parts[index + 1 :]
        if part == "**" or (part == "*" and not rest):
            return
        if "*" in part:
            for name in fnmatch.filter(members(step), part):
                try:
                    walk(member(step, name, path), rest, f"{path}.{name}")
                except Exception:
                    continue
                return
            raise NameMissingError(
                f"nothing below {path} matches {'.'.join(parts[index:])!r}"
            )
        step = member(step, part, path)
        path = f"{path}.{part}"


@functools.cache
def at(path: str) -> Step | str:
    """What a dotted name stands for, or which part of it does not exist."""
    head, _, last = path.rpartition(".")
    if not head:
        return top(path)
    above = at(head)
    if isinstance(above, str):
        return above
    try:
        return member(above, last, head)
    except NameMissingError as error:
        return str(error)


def prefix(name: str) -> tuple[Step, str, list[str]]:
    """The longest part of a dotted name that exists, and the parts that do not follow it."""
    path, *parts = name.split(".")
    step = top(path)
    for index, part in enumerate(parts):
        found = "a pattern" if "*" in part else at(f"{path}.{part}")
        if isinstance(found, str):
            return step, path, parts[index:]
        step, path = found, f"{path}.{part}"
    return step, path, []


def defined_at(name: str, problem: str) -> Step:
    """What a module holds that its package hides behind another thing of the same name.

    Raises NameMissingError with the problem where there is no such module.
    """
    module, _, last = name.rpartition(".")
    try:
        return Step(vars(importlib.import_module(module))[last])
    except (ImportError, KeyError) as error:
        raise NameMissingError(problem) from error


def check_name(name: str, dynamic: bool) -> None:
    """Raises LibraryAbsentError or NameMissingError where a name or pattern does not exist."""
    step, path, rest = prefix(name)
    if dynamic:
        # Something that makes attributes at run time must be real itself.
        if rest and isinstance(step.value, types.ModuleType) and "*" not in rest[0]:
            raise NameMissingError(f"{path} has no {rest[0]!r}")
        return
    walk(step, rest, path)


def check_alias(defining: str, public: str) -> None:
    """Raises LibraryAbsentError or NameMissingError where two names are not the same object."""
    found = []
    for name in (defining, public):
        step, path, rest = prefix(name)
        if rest:
            step = defined_at(name, f"{path} has no {rest[0]!r}")
        found.append(step.value)
    first, second = found
    if first is second:
        return
    if isinstance(first, types.ModuleType) and isinstance(second, types.ModuleType):
        # A package for its module: what the module defines is there under the same name.
        theirs = vars(second)
        if any(
            name in theirs
            and (
                getattr(value, "__module__", "") == first.__name__
                or (callable(value) and theirs[name] is value)
            )
            for name, value in vars(first).items()
            if not name.startswith("_")
        ):
            return
    if isinstance(first, type) and isinstance(second, type):
        # A framework's class of the same name on top of the one it builds on.
        if issubclass(second, first) and second.__name__ == first.__name__:
            return
    raise NameMissingError(f"{defining} is not {public}")


def main() -> None:
    """Answer the request on standard input in the file that the argument names."""
    warnings.simplefilter("ignore")
    request = json.load(sys.stdin)
    problems: list[tuple[str, str, str]] = []
    for name, dynamic in request["names"]:
        try:
            check_name(name, dynamic)
        except LibraryAbsentError as error:
            problems.append(("absent", name, str(error)))
        except NameMissingError as error:
            problems.append(("name", name, str(error)))
        except Exception as error:  # a library that breaks while it is looked into
            problems.append(("name", name, repr(error)))
    for defining, public in request["aliases"]:
        try:
            check_alias(defining, public)
        except LibraryAbsentError as error:
            problems.append(("absent", defining, str(error)))
        except NameMissingError as error:
            problems.append(("alias", defining, str(error)))
        except Exception as error:
            problems.append(("alias", defining, repr(error)))
    Path(sys.argv[1]).write_text(json.dumps(problems), encoding="utf-8")


if __name__ == "__main__":
    main()
