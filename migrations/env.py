"""Alembic's environment: runs the steps on a connection that the caller opened."""

from typing import Any, Literal

from alembic import context

from registry.models import metadata
from registry.models.base import AwareTime


def render(kind: str, item: object, _autogen: Any) -> str | Literal[False]:
    """Write our own column types as the plain ones they stand for."""
    if kind == "type" and isinstance(item, AwareTime):
        return "sa.DateTime(timezone=True)"
    return False


def run() -> None:
    """Run the steps online on the given connection, or print them as SQL."""
    connection = context.config.attributes.get("connection")
    if connection is None:
        url = context.config.get_main_option("sqlalchemy.url")
        context.configure(url=url, target_metadata=metadata, literal_binds=True)
    else:
        context.configure(connection=connection, target_metadata=metadata, render_item=render)
    with context.begin_transaction():
        context.run_migrations()


run()
