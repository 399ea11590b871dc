"""Alembic's entry point: runs the revisions on the connection it is given."""

from alembic import context

from base.database import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite cannot alter tables in place
    compare_type=True,
)
context.run_migrations()
