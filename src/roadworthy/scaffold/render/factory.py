"""The factory of a resource's rows, in `tests/factories.py`."""

from __future__ import annotations

from roadworthy.scaffold.naming import with_article
from roadworthy.scaffold.render import samples
from roadworthy.scaffold.render.source import Style, wrap_docstrings
from roadworthy.scaffold.resource import Reference, Resource


def render(resource: Resource, style: Style) -> str:
    """Return the function that stores a row with values of its own."""
    names = resource.names
    user = user_parameter(resource)
    given = (
        f"session: AsyncSession, {user}: User, " if user else "session: AsyncSession, "
    )
    if {field.attribute for field in resource.fields} & {"session", user}:
        given += "/, "  # so that values can have the names of what is given by position
    plain = [f for f in resource.fields if f.required and f.kind != "reference"]
    values = {field.attribute: samples.in_factory(field, resource) for field in plain}
    for reference in resource.references:
        if reference.field.required and reference.model.table == "users":
            values[reference.field.attribute] = f"{user}.id"
    lines = [
        f"async def make_{names.singular}({given}**values: Any) -> {names.pascal}:"
    ]
    lines += [f'    """Store {with_article(names.words)}."""']
    lines += _made(resource, user)
    if any("number" in value for value in values.values()):
        lines += ["    number = next(numbers)"]
    entries = ", ".join(f'"{name}": {value}' for name, value in values.items())
    lines += [f"    defaults: dict[str, Any] = {{{entries}}}"] if values else []
    filled = "(defaults | values)" if values else "values"
    owner = f"owner_id={user}.id, " if resource.owned else ""
    lines += [f"    {names.singular} = {names.pascal}({owner}**{filled})"]
    lines += [f"    session.add({names.singular})", "    await session.commit()"]
    lines += [f"    return {names.singular}"]
    return style.format(wrap_docstrings("\n".join(lines), style) + "\n")


def user_parameter(resource: Resource) -> str | None:
    """Return what the factory calls the account that it takes; None if it takes none."""
    if resource.owned:
        return "owner"
    needs = any(
        reference.field.required
        and (reference.model.table == "users" or reference.takes_user)
        for reference in resource.references
    )
    return "user" if needs else None


def imports(resource: Resource) -> list[tuple[str, str]]:
    """Return what the factory needs: module and name; `import x` has no name."""
    needed = [
        ("typing", "Any"),
        (f"app.models.{resource.names.singular}", resource.names.pascal),
    ]
    for field in resource.fields:
        if not field.required:
            continue
        match field.kind:
            case "decimal":
                needed.append(("decimal", "Decimal"))
            case "date" | "datetime":
                needed.append(("datetime as dt", ""))
            case "uuid":
                needed.append(("uuid", "uuid4"))
            case "enum":
                module = f"app.models.{resource.names.singular}"
                needed.append((module, resource.enum(field)))
    return needed


def call(reference: Reference, user: str | None) -> str:
    """Return source that makes a row to refer to."""
    owner = f", {user}" if reference.takes_user and user else ""
    return f"await make_{reference.model.singular}(session{owner})"


def _made(resource: Resource, user: str | None) -> list[str]:
    lines = []
    for reference in resource.references:
        if not reference.field.required or reference.model.table == "users":
            continue
        name = reference.field.attribute
        lines += [
            f'    if "{name}" not in values:',
            f'        values["{name}"] = ({call(reference, user)}).id',
        ]
    return lines
