"""From an older schema to the present one. Imports Alembic, so it is imported only where it is needed."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import URL, NullPool, create_engine

from cxr_desktop.domain.errors import CatalogueError
from cxr_desktop.language import tr
from cxr_desktop.storage.database import quick_check, sqlite_errors

_NEWER = tr(
    "The catalogue was made by a newer version of this program. Update the program, or choose another "
    "catalogue; this one was not changed."
)


def alembic_config() -> Config:
    """Alembic's configuration; without a file, because everything follows from this package."""
    config = Config()
    # A per cent sign would be read as an interpolation.
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    return config


def check_known(revision: str) -> None:
    """Refuses what this program knows no way from.

    Args:
        revision: a catalogue's schema revision; "" where none was stamped yet.

    Raises:
        CatalogueError: a newer version of the program made it.
    """
    try:
        ScriptDirectory.from_config(alembic_config()).get_revision(revision or "base")
    except CommandError:
        raise CatalogueError(_NEWER) from None


def upgrade(path: Path) -> None:
    """Upgrades a catalogue in one transaction: it has the present schema afterwards, or is as it was.

    Raises:
        CatalogueError: it is damaged, or the disk is full or read-only.
    """
    config = alembic_config()
    # Foreign keys stay off (SQLite's default): a migration that rebuilds a table drops the old one, and with
    # them on that would delete every row that points to it.
    engine = create_engine(URL.create("sqlite", database=str(path)), poolclass=NullPool, hide_parameters=True)
    with sqlite_errors(path), engine.connect() as connection:
        driver = connection.connection.driver_connection
        assert driver is not None
        driver.isolation_level = None  # the transaction is ours
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        quick_check(driver)
        connection.commit()
