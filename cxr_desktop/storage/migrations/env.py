"""Alembic runs this file. The connection comes from `upgrade`, already in a transaction."""

from alembic import context

from cxr_desktop.storage.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite can alter a table only by rebuilding it
    transactional_ddl=True,
)
context.run_migrations()
