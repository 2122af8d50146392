"""The tests: `tests/api/test_articles.py`."""

from __future__ import annotations

from roadworthy.scaffold.fields import Field
from roadworthy.scaffold.render import factory, samples
from roadworthy.scaffold.render.crud import takes_owner
from roadworthy.scaffold.render.schemas import filters
from roadworthy.scaffold.render.source import Style, module
from roadworthy.scaffold.resource import Reference, Resource

_CLIENT = "httpx.AsyncClient"
_HOMES = {
    "Callable": "collections.abc",
    "User": "app.models",
    "Resources": "app.core.resources",
    "TokenType": "app.core.security",
}


def render(resource: Resource, style: Style) -> str:
    """Return the tests of the resource's routes."""
    parts = [
        _constants(resource),
        *_fixtures(resource),
        _created(resource),
        _read(resource),
    ]
    if resource.unique:
        parts.append(_clash(resource))
        if resource.owned:
            parts.append(_owners(resource))
        parts.append(_update_clash(resource))
    parts += [
        _refused(resource),
        _updated(resource),
        _deleted(resource),
        _pages(resource),
    ]
    parts += [_filtered(field, resource) for field in filters(resource)]
    parts += [_bad_filters(resource)]
    for reference in resource.references:
        parts.append(_absent(reference, resource))
        if takes_owner(reference, resource):
            parts.append(_of_others(reference, resource))
    parts += [_others(resource) if resource.owned else _administrators(resource)]
    parts += [_strangers(resource)]
    body = "\n\n\n".join(parts)
    names = resource.names
    homes = {**_HOMES, f"make_{names.singular}": "tests.factories"}
    for reference in resource.references:
        homes[f"make_{reference.model.singular}"] = "tests.factories"
    for field in resource.fields:
        if field.choices:
            homes[resource.enum(field)] = f"app.models.{names.singular}"
    many = names.plural_words[:1].upper() + names.plural_words[1:]
    purpose = (
        f"{many}: what owners can do with theirs, and that nobody can do with others'."
        if resource.owned
        else f"{many}: what everybody can read and administrators can change."
    )
    return module(purpose, body, style, homes)


def _plain(resource: Resource) -> list[Field]:
    return [field for field in resource.fields if field.kind != "reference"]


def _changed(resource: Resource) -> Field | None:
    """Return the field that the tests of changes change, text before others."""
    for kinds in (
        ("str",),
        ("text", "int", "decimal", "float", "date", "datetime", "uuid"),
    ):
        for field in resource.fields:
            if field.kind in kinds:
                return field
    return next((f for f in resource.fields if f.kind != "reference"), None)


def _constants(resource: Resource) -> str:
    entries = ", ".join(
        f'"{field.name}": {samples.in_json(field, 0)}' for field in _plain(resource)
    )
    lines = [f'URL = "/api/v1/{resource.names.path}"']
    lines += [f"NEW: dict[str, Any] = {{{entries}}}"]
    if (field := _changed(resource)) is not None:
        changed = f'{{"{field.name}": {samples.in_json(field, 1)}}}'
    else:
        changed = "{}"
    lines += [f"CHANGE: dict[str, Any] = {changed}"]
    return "\n".join(lines)


def _needed(resource: Resource) -> list[Reference]:
    return [r for r in resource.references if r.field.required]


def _new(resource: Resource) -> tuple[str, str]:
    """Return the name of the body to post, and the parameter that brings it."""
    return ("new", "new: dict[str, Any], ") if _needed(resource) else ("NEW", "")


def _caller(resource: Resource) -> tuple[str, str]:
    """Return the fixtures that are the client and its account."""
    return ("as_user", "user") if resource.owned else ("as_admin", "admin")


def _make(resource: Resource, user: str, values: str = "") -> str:
    given = f", {user}" if factory.user_parameter(resource) else ""
    return f"await make_{resource.names.singular}(session{given}{values})"


def _fixtures(resource: Resource) -> list[str]:
    found = []
    _, user = _caller(resource)
    if not resource.owned:
        found.append(f'''@pytest.fixture
def as_admin(
    client: {_CLIENT}, admin: User, log_in: Callable[[User], None]
) -> {_CLIENT}:
    """Return the client, with an administrator as its caller."""
    log_in(admin)
    return client''')
    if _needed(resource):
        entries = []
        for reference in _needed(resource):
            name = reference.field.attribute
            if reference.model.table == "users":
                entries.append(f'"{name}": {user}.id')
            else:
                entries.append(f'"{name}": ({factory.call(reference, user)}).id')
        text = ", ".join(entries)
        session = "session: AsyncSession, " if "session" in text else ""
        account = f"{user}: User" if f"{user}." in text or f", {user})" in text else ""
        found.append(f'''@pytest.fixture
async def new({session}{account}) -> dict[str, Any]:
    """Return the body of a new {resource.names.words}, with what it refers to."""
    return NEW | {{{text}}}''')
    return found


def _created(resource: Resource) -> str:
    client, _ = _caller(resource)
    new, parameter = _new(resource)
    owner, check = "", ""
    if resource.owned:
        owner, check = ", user: User", '\n    assert body["owner_id"] == user.id'
    return f"""async def test_create_returns_what_is_stored(
    {parameter}{client}: {_CLIENT}{owner}
) -> None:
    response = await {client}.post(URL, json={new})
    assert response.status_code == 201
    body = response.json()
    assert body.items() >= {new}.items(){check}"""


def _read(resource: Resource) -> str:
    client, _ = _caller(resource)
    new, parameter = _new(resource)
    return f"""async def test_read_returns_what_was_created(
    {parameter}{client}: {_CLIENT}
) -> None:
    created = (await {client}.post(URL, json={new})).json()
    response = await {client}.get(f"{{URL}}/{{created['id']}}")
    assert response.status_code == 200
    assert response.json() == created"""


def _clash(resource: Resource) -> str:
    client, _ = _caller(resource)
    new, parameter = _new(resource)
    return f'''async def test_a_clash_is_a_conflict({parameter}{client}: {_CLIENT}) -> None:
    await {client}.post(URL, json={new})
    response = await {client}.post(URL, json={new})
    assert response.status_code == 409
    assert response.headers["content-type"] == "application/problem+json"'''


def _owners(resource: Resource) -> str:
    new, parameter = _new(resource)
    values = "".join(
        f", {field.attribute}={samples.in_source(field, resource, 0)}"
        for field in resource.unique
        if field.kind != "reference"
    )
    return f"""async def test_owners_do_not_clash(
    {parameter}as_user: {_CLIENT}, other_user: User, session: AsyncSession
) -> None:
    {_make(resource, "other_user", values)}
    assert (await as_user.post(URL, json={new})).status_code == 201"""


def _update_clash(resource: Resource) -> str:
    client, user = _caller(resource)
    field = resource.unique[0]
    if field.kind == "reference":
        first, second = (_make(resource, user),) * 2
        makes = [f"    first = {first}", f"    second = {second}"]
        sent = f"first.{field.attribute}"
    else:
        # Values are given: an optional field would be null in both, which is no clash.
        first, second = (
            _make(
                resource,
                user,
                f", {field.attribute}={samples.in_source(field, resource, number)}",
            )
            for number in (0, 1)
        )
        makes = [f"    {first}", f"    second = {second}"]
        sent = samples.in_json(field, 0)
    lines = "\n".join(makes)
    account = f", {user}: User" if f"session, {user}" in lines else ""
    return f"""async def test_update_into_a_clash_is_a_conflict(
    {client}: {_CLIENT}{account}, session: AsyncSession
) -> None:
{lines}
    change = {{"{field.attribute}": {sent}}}
    response = await {client}.patch(f"{{URL}}/{{second.id}}", json=change)
    assert response.status_code == 409"""


def _refused(resource: Resource) -> str:
    client, _ = _caller(resource)
    new, parameter = _new(resource)
    changes = [
        f'{{"{field.attribute}": {value}}}'
        for field in resource.fields
        for value in samples.refused(field)
    ]
    changes.append('{"no_such_field": 1}')
    return f"""@pytest.mark.parametrize("change", [{", ".join(changes)}])
async def test_bad_bodies_are_refused(
    {parameter}{client}: {_CLIENT}, change: dict[str, Any]
) -> None:
    response = await {client}.post(URL, json={new} | change)
    assert response.status_code == 422"""


def _updated(resource: Resource) -> str:
    client, _ = _caller(resource)
    new, parameter = _new(resource)
    return f"""async def test_update_changes_only_what_is_sent(
    {parameter}{client}: {_CLIENT}
) -> None:
    created = (await {client}.post(URL, json={new})).json()
    url = f"{{URL}}/{{created['id']}}"
    response = await {client}.patch(url, json=CHANGE)
    assert response.status_code == 200
    body = response.json()
    assert body == created | CHANGE | {{"updated_at": body["updated_at"]}}
    assert (await {client}.get(url)).json() == body"""


def _deleted(resource: Resource) -> str:
    client, user = _caller(resource)
    account = f", {user}: User" if factory.user_parameter(resource) else ""
    return f"""async def test_delete_removes_the_row(
    {client}: {_CLIENT}{account}, session: AsyncSession
) -> None:
    row = {_make(resource, user)}
    assert (await {client}.delete(f"{{URL}}/{{row.id}}")).status_code == 204
    assert (await {client}.get(f"{{URL}}/{{row.id}}")).status_code == 404"""


def _pages(resource: Resource) -> str:
    client, user = _caller(resource)
    account = f", {user}: User" if factory.user_parameter(resource) else ""
    return f"""async def test_pages_follow_each_other(
    {client}: {_CLIENT}{account}, session: AsyncSession
) -> None:
    rows = [{_make(resource, user)} for _ in range(5)]
    seen: list[int] = []
    after: int | None = 0
    while after is not None:
        query = {{"limit": 2, "after": after}}
        page = (await {client}.get(URL, params=query)).json()
        seen += [row["id"] for row in page["items"]]
        after = page["next"]
    assert seen == [row.id for row in rows]"""


def _filtered(field: Field, resource: Resource) -> str:
    client, user = _caller(resource)
    lines, accounts = [], []
    if field.kind == "reference":
        reference = next(r for r in resource.references if r.field == field)
        if reference.model.table == "users":
            accounts = [user, "other_user"]
            targets = (user, "other_user")
        else:
            made = factory.call(reference, user)
            lines += [f"    first = {made}", f"    second = {made}"]
            targets = ("first", "second")
        values = [f", {field.attribute}={target}.id" for target in targets]
        asked = f"{targets[0]}.id"
    else:
        values = [
            f", {field.attribute}={samples.in_source(field, resource, number)}"
            for number in (0, 1)
        ]
        asked = samples.in_query(field, 0)
    lines += [f"    wanted = {_make(resource, user, values[0])}"]
    lines += [f"    {_make(resource, user, values[1])}"]
    if f"session, {user}" in "".join(lines) and user not in accounts:
        accounts.append(user)
    parameters = "".join(f"{name}: User, " for name in accounts)
    return f"""async def test_lists_are_filtered_by_{field.attribute}(
    {client}: {_CLIENT}, {parameters}session: AsyncSession
) -> None:
{chr(10).join(lines)}
    page = (await {client}.get(URL, params={{"{field.attribute}": {asked}}})).json()
    assert [row["id"] for row in page["items"]] == [wanted.id]"""


def _bad_filters(resource: Resource) -> str:
    client, _ = _caller(resource)
    queries = [
        '{"limit": 0}',
        '{"limit": 101}',
        '{"after": -1}',
        '{"no_such_field": 1}',
    ]
    queries += [
        f'{{"{field.attribute}": "no such value"}}'
        for field in filters(resource)
        if field.kind != "str"
    ]
    return f"""@pytest.mark.parametrize("query", [{", ".join(queries)}])
async def test_bad_filters_are_refused(
    {client}: {_CLIENT}, query: dict[str, Any]
) -> None:
    assert (await {client}.get(URL, params=query)).status_code == 422"""


def _absent(reference: Reference, resource: Resource) -> str:
    client, user = _caller(resource)
    new, parameter = _new(resource)
    name = reference.field.attribute
    account = f"{user}: User, " if factory.user_parameter(resource) else ""
    return f"""async def test_the_{reference.field.name}_must_exist(
    {parameter}{client}: {_CLIENT}, {account}session: AsyncSession
) -> None:
    row = {_make(resource, user)}
    absent = {{"{name}": 2**62}}
    assert (await {client}.post(URL, json={new} | absent)).status_code == 404
    url = f"{{URL}}/{{row.id}}"
    assert (await {client}.patch(url, json=absent)).status_code == 404"""


def _of_others(reference: Reference, resource: Resource) -> str:
    new, parameter = _new(resource)
    name = reference.field.attribute
    return f"""async def test_the_{reference.field.name}_must_be_ones_own(
    {parameter}as_user: {_CLIENT}, other_user: User, session: AsyncSession
) -> None:
    row = {factory.call(reference, "other_user")}
    body = {new} | {{"{name}": row.id}}
    assert (await as_user.post(URL, json=body)).status_code == 404"""


def _others(resource: Resource) -> str:
    return f"""@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
async def test_rows_of_others_are_absent(
    method: str,
    client: {_CLIENT},
    user: User,
    other_user: User,
    session: AsyncSession,
    log_in: Callable[[User], None],
) -> None:
    row = {_make(resource, "user")}
    log_in(other_user)
    body = CHANGE if method == "PATCH" else None
    response = await client.request(method, f"{{URL}}/{{row.id}}", json=body)
    assert response.status_code == 404
    assert (await client.get(URL)).json()["items"] == []"""


def _administrators(resource: Resource) -> str:
    scope = resource.names.scope
    new, parameter = _new(resource)
    return f"""async def test_only_administrators_write(
    {parameter}client: {_CLIENT}, user: User, resources: Resources
) -> None:
    scopes = frozenset({{"{scope}:read", "{scope}:write"}})
    token = resources.tokens.issue(
        TokenType.ACCESS, user.id, user.token_version, scopes=scopes
    )
    headers = {{"Authorization": f"Bearer {{token}}"}}
    assert (await client.get(URL, headers=headers)).status_code == 200
    response = await client.post(URL, json={new}, headers=headers)
    assert response.status_code == 403"""


def _strangers(resource: Resource) -> str:
    return f"""@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_strangers_are_refused(method: str, client: {_CLIENT}) -> None:
    response = await client.request(method, URL)
    assert response.status_code == 401
    assert response.headers["www-authenticate"].startswith("Bearer")"""
