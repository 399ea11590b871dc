"""The history of the tables, as Alembic revisions in `versions/`."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection


class NewerDatabase(Exception):
    """The tables have a revision that this version does not know."""


def configuration(connection: Connection) -> Config:
    """The Alembic configuration that works on an open connection."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["connection"] = connection
    return config


def upgrade(connection: Connection) -> None:
    """Applies the revisions that are missing, inside the connection's transaction.

    Raises:
        NewerDatabase: With the revision, when this version does not know it.
    """
    config = configuration(connection)
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    found = MigrationContext.configure(connection).get_current_revision()
    if found is not None and found not in known:
        raise NewerDatabase(found)
    command.upgrade(config, "head")
