"""The migration: `alembic/versions/0003_create_articles.py`.

What it creates is the same on every database, and the same as what the models say.
"""

from __future__ import annotations

from roadworthy.scaffold.fields import Field
from roadworthy.scaffold.render import columns
from roadworthy.scaffold.render.source import Style
from roadworthy.scaffold.resource import Resource


def render(resource: Resource, revision: str, follows: str | None, style: Style) -> str:
    """Return the migration that creates the table after the revision `follows`."""
    table = resource.names.plural
    lines = ['sa.Column("id", BigId, nullable=False)']
    if resource.owned:
        lines.append('sa.Column("owner_id", BigId, nullable=False)')
    lines += [
        f'sa.Column("{field.attribute}", {columns.migration_type(field)}, '
        f"nullable={field.optional})"
        for field in resource.fields
    ]
    lines += [
        f'sa.Column("{name}", UtcDateTime(), nullable=False)'
        for name in ("created_at", "updated_at")
    ]
    if resource.owned:
        lines.append(_foreign_key(table, "owner_id", "users", "CASCADE"))
    for reference in resource.references:
        deleted = columns.ondelete(reference.field, resource)
        target = reference.model.table
        lines.append(_foreign_key(table, reference.field.attribute, target, deleted))
    lines.append(f'sa.PrimaryKeyConstraint("id", name="pk_{table}")')
    lines += [_unique(table, field, resource) for field in resource.unique]
    indexes = [
        f'op.create_index("{name}", "{table}", {on})' for name, on in _indexes(resource)
    ]
    created = "\n    ".join(
        (f'op.create_table("{table}",', *(f"{x}," for x in lines), ")")
    )
    sentence = "" if follows is None else f" {follows}"
    text = f'''"""Create {resource.names.plural_words}.

Revision ID: {revision}
Revises:{sentence}
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from app.db.types import BigId, UtcDateTime

revision: str = "{revision}"
down_revision: str | None = {follows!r}
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Create the table."""
    {created}
    {chr(10).join(indexes).replace(chr(10), chr(10) + "    ")}


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("{table}")
'''
    return style.format(text)


def constraint_names(resource: Resource) -> list[str]:
    """Return the name of every index and constraint of the table."""
    table = resource.names.plural
    found = [f"pk_{table}"]
    if resource.owned:
        found.append(f"fk_{table}_owner_id_users")
    found += [
        f"fk_{table}_{reference.field.attribute}_{reference.model.table}"
        for reference in resource.references
    ]
    found += [_unique_name(table, field, resource) for field in resource.unique]
    return found + [name for name, _ in _indexes(resource)]


def _foreign_key(table: str, column: str, target: str, deleted: str) -> str:
    name = f"fk_{table}_{column}_{target}"
    return (
        f'sa.ForeignKeyConstraint(["{column}"], ["{target}.id"], name="{name}", '
        f'ondelete="{deleted}")'
    )


def _unique_name(table: str, field: Field, resource: Resource) -> str:
    owner = "owner_id_" if resource.owned else ""
    return f"uq_{table}_{owner}{field.attribute}"


def _unique(table: str, field: Field, resource: Resource) -> str:
    owner = '"owner_id", ' if resource.owned else ""
    name = _unique_name(table, field, resource)
    return f'sa.UniqueConstraint({owner}"{field.attribute}", name="{name}")'


def _indexes(resource: Resource) -> list[tuple[str, str]]:
    """Return the name of each index and its columns, as source."""
    table = resource.names.plural
    found = []
    if resource.owned:
        found.append((f"ix_{table}_owner_id_id", '["owner_id", "id"]'))
    found += [
        (f"ix_{table}_{field.attribute}", f'["{field.attribute}"]')
        for field in resource.fields
        if field.indexed
    ]
    return found
