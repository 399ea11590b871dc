"""The history of the tables, as Alembic revisions in `versions/`."""

from functools import cache
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


@cache
def known_revisions() -> tuple[str, ...]:
    """The revisions that this version can bring up to date, the newest first."""
    scripts = ScriptDirectory(str(Path(__file__).parent))
    return tuple(script.revision for script in scripts.walk_revisions())


def found_revision(connection: Connection) -> str | None:
    """The revision that the tables have; None when there are none."""
    return MigrationContext.configure(connection).get_current_revision()


def upgrade(connection: Connection) -> None:
    """Applies the revisions that are missing, inside the connection's transaction.

    Raises:
        NewerDatabase: With the revision, when this version does not know it.
    """
    found, known = found_revision(connection), known_revisions()
    if found == known[0]:
        return
    if found is not None and found not in known:
        raise NewerDatabase(found)
    command.upgrade(configuration(connection), "head")
