"""The settings as a JSON file."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field, fields
from datetime import datetime
from pathlib import Path
from typing import Any, get_type_hints

import msgspec

from cxr_desktop.domain.settings import Settings
from cxr_desktop.language import tr
from cxr_desktop.storage.folders import disk_errors, disk_sentence, write_whole

log = logging.getLogger(__name__)

# Raised only where an older version would misread the file; a setting that is added does not.
SETTINGS_SCHEMA = 1

_NEWER = tr(
    "The settings were written by a newer version of this program, which this one cannot read. "
    "It uses the defaults and leaves the file as it is: what you change lasts until you close "
    "the window. Update the program."
)


@dataclass(frozen=True)
class LoadedSettings:
    """What a settings file gave.

    Attributes:
        problem: what was wrong with the file, to be shown; "" where nothing was.
    """

    settings: Settings = field(default_factory=Settings)
    problem: str = ""


def load_settings(path: Path, now: datetime) -> LoadedSettings:
    """The settings in a file; the defaults where there is none. Never raises for what the file holds.

    A file that is no JSON object is renamed with the date, so that nothing is lost. A single value that
    cannot be used gets its default. Settings that this version does not know are passed over, and one of a
    newer schema as a whole; `save_settings` keeps them.
    """
    try:
        values = msgspec.json.decode(path.read_bytes(), type=dict[str, Any])
    except FileNotFoundError:
        return LoadedSettings()
    except OSError as error:
        log.warning("the settings cannot be read (errno %s)", error.errno)
        return LoadedSettings(
            problem=tr(
                "The settings could not be read, so the defaults are used. {reason}",
                reason=disk_sentence(error),
            )
        )
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return LoadedSettings(problem=_set_aside(path, now))
    return LoadedSettings(problem=_NEWER) if _is_newer(values) else _from_values(values)


def save_settings(path: Path, settings: Settings) -> None:
    """Replaces the file, whole or not at all; for the owner alone.

    What a newer version of the program wrote stays: settings that this one does not know, and a file of a
    newer schema as it is.

    Raises:
        CatalogueError: the disk is full or cannot be written to; the old file is still there.
    """
    there = _values_in(path)
    if _is_newer(there):
        return
    values = there | msgspec.to_builtins(settings) | {"schema": SETTINGS_SCHEMA}
    with disk_errors():
        write_whole(path, msgspec.json.format(msgspec.json.encode(values), indent=2) + b"\n")


def _values_in(path: Path) -> dict[str, Any]:
    """What a settings file holds; nothing where there is none that can be read."""
    try:
        values: dict[str, Any] = msgspec.json.decode(path.read_bytes(), type=dict[str, Any])
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return {}
    return values


def _is_newer(values: dict[str, Any]) -> bool:
    schema = values.get("schema", SETTINGS_SCHEMA)
    return isinstance(schema, int) and schema > SETTINGS_SCHEMA


def _set_aside(path: Path, now: datetime) -> str:
    log.warning("the settings file is damaged")
    damaged = tr("The settings file is damaged, so the defaults are used.")
    aside = path.with_name(f"{path.stem}-damaged-{now:%Y-%m-%d-%H%M%S}{path.suffix}")
    try:
        path.replace(aside)
    except OSError as error:
        return tr(
            "{damaged} It could not be set aside. {reason}",
            damaged=damaged,
            reason=disk_sentence(error),
        )
    return tr(
        "{damaged} It was kept under another name beside the new one; choose your settings again.",
        damaged=damaged,
    )


def _from_values(values: dict[str, Any]) -> LoadedSettings:
    types = get_type_hints(Settings)
    good: dict[str, Any] = {}
    wrong: list[str] = []
    for each in fields(Settings):
        if each.name not in values:
            continue
        try:
            value = msgspec.convert(values[each.name], types[each.name])
            Settings(**{each.name: value})  # its bounds
        except (msgspec.ValidationError, ValueError):
            wrong.append(each.metadata.get("title") or each.name.replace("_", " "))
        else:
            good[each.name] = value
    problem = ""
    if wrong:
        problem = tr(
            "Values in the settings file cannot be used ({titles}), so their defaults are. "
            "Choose them again in the settings.",
            titles=", ".join(wrong),
        )
    return LoadedSettings(Settings(**good), problem)
