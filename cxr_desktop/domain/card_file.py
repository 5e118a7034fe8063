"""`card.json` <-> the card; a field that is wrong is named with its path: `operating_points[0].threshold`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import msgspec

from cxr_desktop.domain.errors import BundleError
from cxr_desktop.domain.model_card import CARD_SCHEMA, Card, LungFinderCard, ModelCard
from cxr_desktop.language import tr

_KINDS: dict[str, type[Card]] = {"classifier": ModelCard, "lungs": LungFinderCard}

# As msgspec ends its sentences: " - at `$.calibration.slope`".
_PLACE = re.compile(r" - at `\$\.?([^`]*)`$")
_MISSING = re.compile(r"^Object missing required field `([^`]*)`$")


def card_from_json(data: bytes) -> Card:
    """The card in a bundle's `card.json`.

    Raises:
        BundleError: it is no card, of a newer schema, or a field is missing or wrong.
    """
    try:
        raw = msgspec.json.decode(data, type=dict[str, Any])
        schema, kind = raw.get("schema"), raw.get("kind")
        if schema != CARD_SCHEMA:
            raise BundleError(
                tr(
                    "The model's card has schema {schema!r}; this program reads schema {known}. "
                    "Update the program, or export the model again.",
                    schema=schema,
                    known=CARD_SCHEMA,
                )
            )
        if kind not in _KINDS:
            raise BundleError(
                tr(
                    "The model's card is of kind {kind!r}, expected one of {known}.",
                    kind=kind,
                    known=sorted(_KINDS),
                )
            )
        card = msgspec.convert(raw, type=_KINDS[kind])
    except msgspec.ValidationError as error:
        path, wrong = _field_at_fault(str(error))
        raise BundleError(
            tr(
                "The field “{path}” of the model's card cannot be used: {wrong}. Install the model again.",
                path=path,
                wrong=wrong,
            )
            if path
            else tr("The model's card cannot be read: {wrong}. Install the model again.", wrong=wrong)
        ) from error
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise BundleError(
            tr("The model's card cannot be read ({error}). Install the model again.", error=error)
        ) from error
    for path in _unknown_fields(raw, type(card)):
        # A misspelt field would else be passed over in silence, and its default be used.
        raise BundleError(
            tr(
                "The model's card has a field “{path}” that this program does not know. Correct "
                "its name, update the program, or install the model again.",
                path=path,
            )
        )
    return card


def card_to_json(card: Card) -> bytes:
    """The card as it stands in `card.json`: indented, UTF-8."""
    return msgspec.json.format(msgspec.json.encode(card), indent=2) + b"\n"


def _unknown_fields(raw: object, kind: Any) -> Iterator[str]:
    """The paths of fields in decoded JSON that a dataclass, and those within it, do not have.

    Args:
        raw: what the JSON holds; where it is of another shape than `kind`, that is somebody else's to say.
        kind: a dataclass, or a tuple or union of such; any other type holds no fields to compare.
    """
    if is_dataclass(kind) and isinstance(kind, type):
        if isinstance(raw, dict):
            hints = get_type_hints(kind)
            known = {each.name for each in fields(kind)}
            for name, value in raw.items():
                if name not in known:
                    yield str(name)
                else:
                    for path in _unknown_fields(value, hints[name]):
                        yield f"{name}{path}" if path.startswith("[") else f"{name}.{path}"
    elif get_origin(kind) is tuple and isinstance(raw, list):
        for index, value in enumerate(raw):
            for path in _unknown_fields(value, get_args(kind)[0]):
                yield f"[{index}].{path}"
    elif get_origin(kind) in (Union, UnionType):
        for each in get_args(kind):
            yield from _unknown_fields(raw, each)


def _field_at_fault(reason: str) -> tuple[str, str]:
    """The path of the field that msgspec complains of ("" for the whole card), and what is wrong with it."""
    place = _PLACE.search(reason)
    path = place.group(1) if place else ""
    what = reason[: place.start()] if place else reason
    missing = _MISSING.match(what)
    if missing:
        return (f"{path}.{missing.group(1)}" if path else missing.group(1)), tr("it is missing")
    return path, what[:1].lower() + what[1:]
