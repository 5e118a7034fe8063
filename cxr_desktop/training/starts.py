"""From what a training can start on this machine: the present model, new networks, ImageNet weights."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from cxr_desktop.domain.errors import CxrError
from cxr_desktop.domain.library_entry import LibraryEntry
from cxr_desktop.domain.start_choices import StartChoice, TrainingStart
from cxr_desktop.domain.tuning import Tuning
from cxr_desktop.language import tr
from cxr_desktop.training.architectures import ARCHITECTURES, Architecture
from cxr_desktop.training.architectures.start import first_that_fits
from cxr_desktop.training.continuing import EarlierModel, record_to_train
from cxr_desktop.training.tuned import recipe_of


def start_choices(current: LibraryEntry | None, weights: Sequence[Path]) -> tuple[StartChoice, ...]:
    """Every start, those that cannot be chosen included, the recommended one first.

    Args:
        current: the model in use; None: there is none to go on from.
        weights: files that were chosen for ImageNet starts before.
    """
    return (
        *([] if current is None else [_continued(current)]),
        *(_new(record) for record in ARCHITECTURES.values()),
        *_pretrained(weights),
    )


def _continued(current: LibraryEntry) -> StartChoice:
    card = current.card
    if card is None:
        raise ValueError("a model without a card is in use")
    start = TrainingStart(card.provenance.architecture, continue_from=current.folder.resolve())
    title = f"{card.name} {card.version}"
    try:
        record = record_to_train(start.architecture, Tuning(), EarlierModel.open(current.folder))
    except CxrError as reason:
        return StartChoice("continue", start, title, "", Tuning(), 1, str(reason))
    return StartChoice("continue", start, title, _about(record), recipe_of(record), record.least_side)


def _new(record: Architecture) -> StartChoice:
    start = TrainingStart(record.id, from_scratch=record.pretrained is not None)
    return StartChoice("scratch", start, record.name, _about(record), recipe_of(record), record.least_side)


def _pretrained(files: Sequence[Path]) -> Iterator[StartChoice]:
    for record in ARCHITECTURES.values():
        wanted = record.pretrained
        if wanted is None:
            continue
        file = first_that_fits(files, wanted)
        choice = replace(_new(record), kind="imagenet", start=TrainingStart(record.id, weights=file))
        known_by = f" (SHA-256 {wanted.sha256[:12]}…)" if wanted.sha256 else ""
        problem = tr(
            "It starts from {what}. Choose that file once, usually named “{file}”{known_by}.",
            what=wanted.in_words,
            file=wanted.file,
            known_by=known_by,
        )
        yield choice if file is not None else replace(choice, problem=problem)


def _about(record: Architecture) -> str:
    size, millions = f"{record.input.height}×{record.input.width}", record.parameters / 1e6
    if record.input.crop == "lungs":
        return tr(
            "Sees the lungs alone at {size} pixels; {millions:.1f} million parameters.",
            size=size,
            millions=millions,
        )
    return tr(
        "Sees the whole film at {size} pixels; {millions:.1f} million parameters.",
        size=size,
        millions=millions,
    )


def record_of(start: TrainingStart, tuning: Tuning) -> Architecture:
    """The record that a start is trained by.

    Raises:
        BundleError: the model to go on from is damaged, or gone.
        TrainingError: it cannot be trained so.
    """
    earlier = None if start.continue_from is None else EarlierModel.open(start.continue_from)
    return record_to_train(start.architecture, tuning, earlier)
