"""Which models there are: those that came with the program and the user's own. Only their cards are read."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from pathlib import Path

from cxr_desktop.domain.card_file import card_from_json
from cxr_desktop.domain.errors import BundleError
from cxr_desktop.domain.library_entry import LibraryEntry
from cxr_desktop.domain.model_card import (
    CARD_FILE,
    Card,
    LungFinderCard,
    ModelCard,
)
from cxr_desktop.language import tr
from cxr_desktop.storage.folders import disk_sentence

log = logging.getLogger(__name__)

# The bundled model that judges unless another was chosen: the first of these ids that can be used.
DEFAULT_MODELS = ("xception", "cnn")


class ModelLibrary:
    """The bundles in two folders. Nothing is kept in memory: a bundle that is put there is there at once."""

    def __init__(self, bundled: Path, user: Path) -> None:
        """
        Args:
            bundled: the models that came with the program.
            user: the user's own; may be missing.
        """
        self._bundled = bundled
        self._user = user

    def models(self) -> list[LibraryEntry]:
        """All classifiers, the bundled ones first, by folder name; a damaged bundle with its problem."""
        return [
            *_classifiers(self._bundled, bundled=True),
            *_classifiers(self._user, bundled=False),
        ]

    def find(self, wanted: str | Path) -> LibraryEntry:
        """A usable model by the id in its card, `id@version`, or the path of its folder.

        An empty id means the default: the first bundled model of `DEFAULT_MODELS` that can be used, else the
        first bundled one. Of models with the same id the user's own comes first,
        and of those the last by folder name.

        Raises:
            BundleError: there is none, or it cannot be used: a damaged one is known by its folder's name.
        """
        if not str(wanted):
            bundled = [entry for entry in self.models() if entry.bundled and entry.card]
            if not bundled:
                raise BundleError(tr("No bundled model can be used. Install the program again."))
            return min(bundled, key=_preference)
        named = [entry for entry in reversed(self.models()) if _is_named(entry, str(wanted))]
        if named:
            return named[0]
        damaged = [entry for entry in self.models() if entry.problem and entry.folder.name == str(wanted)]
        if damaged:
            raise BundleError(damaged[-1].problem)
        folder = Path(wanted)
        if (folder / CARD_FILE).is_file():
            entry = _entry(folder, bundled=folder.resolve().parent == self._bundled.resolve())
            if entry is None:
                raise BundleError(
                    tr("This bundle is a lung finder; a classifier is needed here. Choose another model.")
                )
            if entry.problem:
                raise BundleError(entry.problem)
            return entry
        known = ", ".join(sorted({entry.card.id for entry in self.models() if entry.card})) or tr("none")
        raise BundleError(
            tr(
                "There is no model “{wanted}”. Give one of these ids ({known}) or a folder with a {file}.",
                wanted=wanted,
                known=known,
                file=CARD_FILE,
            )
        )

    def default_problem(self) -> str:
        """Why the first of `DEFAULT_MODELS` that is there is not the default; "" where it is.

        A bundle whose card cannot be read is known by its folder's name.
        """
        bundled = [entry for entry in self.models() if entry.bundled]
        for id in DEFAULT_MODELS:
            if any(entry.card is not None and entry.card.id == id for entry in bundled):
                return ""
            damaged = next((entry for entry in bundled if entry.problem and entry.folder.name == id), None)
            if damaged is not None:
                return tr(
                    "The default model “{model}” cannot be used, so another one judges. {problem}",
                    model=id,
                    problem=damaged.problem,
                )
        return ""

    def lung_finder(self) -> Path:
        """The folder of the bundled lung finder.

        Raises:
            BundleError: there is none that can be read.
        """
        for folder in _bundles(self._bundled):
            try:
                if isinstance(_card(folder), LungFinderCard):
                    return folder
            except BundleError as reason:
                log.warning("a bundled model cannot be used: %s", reason)
        raise BundleError(
            tr("The lung finder that comes with the program is missing. Install the program again.")
        )

    def lung_finder_card(self) -> LungFinderCard | None:
        """The card of the bundled lung finder; None where there is none that can be read."""
        try:
            card = _card(self.lung_finder())
        except BundleError:
            return None
        return card if isinstance(card, LungFinderCard) else None


def name_of(entry: LibraryEntry, entries: Sequence[LibraryEntry]) -> str:
    """What `ModelLibrary.find` knows a usable model by: the shortest of id, `id@version` and folder.

    Args:
        entries: all that the library has.
    """
    card = entry.card
    if card is None:
        return str(entry.folder)
    for name in (card.id, f"{card.id}@{card.version}"):
        if sum(_is_named(each, name) for each in entries) == 1:
            return name
    return str(entry.folder)


def _preference(entry: LibraryEntry) -> int:
    id = entry.card.id if entry.card else ""
    return DEFAULT_MODELS.index(id) if id in DEFAULT_MODELS else len(DEFAULT_MODELS)


def _is_named(entry: LibraryEntry, wanted: str) -> bool:
    card = entry.card
    return card is not None and wanted in (card.id, f"{card.id}@{card.version}")


def _classifiers(folder: Path, *, bundled: bool) -> Iterator[LibraryEntry]:
    for bundle in _bundles(folder):
        entry = _entry(bundle, bundled)
        if entry is not None:
            yield entry


def _bundles(folder: Path) -> list[Path]:
    """The bundle folders in a folder. A hidden one is a bundle that is still being written."""
    try:
        return sorted(each for each in folder.iterdir() if each.is_dir() and not each.name.startswith("."))
    except FileNotFoundError:
        return []
    except OSError as error:
        raise BundleError(
            tr("The models' folder cannot be read. {reason}", reason=disk_sentence(error))
        ) from None


def _entry(folder: Path, bundled: bool) -> LibraryEntry | None:
    """A bundle as it is listed; None for one that is no classifier."""
    try:
        card = _card(folder)
    except BundleError as reason:
        return LibraryEntry(folder, None, str(reason), bundled)
    if not isinstance(card, ModelCard):
        return None
    # Whether they are what the card says is checked when the model is loaded: that takes reading them.
    missing = next((name for name in card.files if not (folder / name).is_file()), "")
    if missing:
        problem = tr("The model's file {file} is missing. Install the model again.", file=missing)
        return LibraryEntry(folder, None, problem, bundled)
    return LibraryEntry(folder, card, bundled=bundled)


def _card(folder: Path) -> Card:
    try:
        return card_from_json((folder / CARD_FILE).read_bytes())
    except FileNotFoundError:
        raise BundleError(
            tr(
                "This folder has no {file}, so it is no model. Install the model again.",
                file=CARD_FILE,
            )
        ) from None
    except OSError as error:
        raise BundleError(
            tr(
                "The model's card cannot be read ({reason}). Install the model again.",
                reason=error.strerror,
            )
        ) from None
