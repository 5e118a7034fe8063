"""Which models a benchmark takes, and what each training starts from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from cxr_desktop.domain.errors import TrainingError
from cxr_desktop.domain.model_card import ModelCard
from cxr_desktop.training.architectures import Architecture
from cxr_desktop.training.architectures.start import fits
from cxr_desktop.training.benchmark.rows import BenchmarkRow, Kind
from cxr_desktop.training.request import SEED

# A network that its study starts from ImageNet needs days from scratch; these show what it does, no more.
MINUTES_FROM_SCRATCH = 30.0

Registry = Mapping[str, Architecture]


@dataclass(frozen=True)
class BenchmarkRequest:
    """What a benchmark is asked to do.

    Attributes:
        films: labelled folder with its own test films.
        work: folder for runs and trained bundles.
        only: ids of architectures or of bundles that ship; empty for all.
        again: whether the models are trained again though their rows stand.
        minutes: for each model, no epoch begins after so many; None for no limit.
        epochs: at most so many for each model; None for as many as its recipe says.
        weights: files that pretrained networks may start from.
        locked_test: the file of the hospital's locked test set, from which nothing is learned; None: there is
            none.
    """

    films: Path
    work: Path
    only: tuple[str, ...] = ()
    again: bool = False
    minutes: float | None = None
    epochs: int | None = None
    seed: int = SEED
    weights: tuple[Path, ...] = ()
    locked_test: Path | None = None


@dataclass(frozen=True)
class Shipped:
    """A bundle that comes with the program."""

    folder: Path
    card: ModelCard


@dataclass(frozen=True)
class Start:
    """What a network's training starts from.

    Attributes:
        weights: the file, or None for random weights.
        from_scratch: whether random weights stand in for a file that is not at hand.
        minutes: the limit that follows from it, or None for none.
        remark: what the row must say of it.
    """

    weights: Path | None = None
    from_scratch: bool = False
    minutes: float | None = None
    remark: str = ""


class WeightsMissing(TrainingError):  # noqa: N818 - the name is the statement
    """A network starts from a weights file that was not named."""


def is_reference(record: Architecture) -> bool:
    """Whether a benchmark trains it: a study has published figures to set beside. Others are ours."""
    return record.published is not None


def chosen(
    request: BenchmarkRequest, registry: Registry, shipped: Sequence[Shipped]
) -> tuple[list[Architecture], list[Shipped]]:
    """The reference systems to train and the bundles to judge.

    Raises:
        TrainingError: an id is unknown.
    """
    references = [record for record in registry.values() if is_reference(record)]
    known = [*(record.id for record in references), *(each.card.id for each in shipped)]
    unknown = [id for id in request.only if id not in known]
    if unknown:
        where = "not trained here, and ships with no bundle" if unknown[0] in registry else "unknown"
        raise TrainingError(
            f"“{unknown[0]}” is {where}. Choose from: {', '.join(dict.fromkeys(known)) or 'none'}."
        )

    def wanted(id: str) -> bool:
        return not request.only or id in request.only

    return (
        [record for record in references if wanted(record.id)],
        [each for each in shipped if wanted(each.card.id)],
    )


def start_of(record: Architecture, weights: Sequence[Path]) -> Start:
    """What a reference system starts from, given the weights files at hand.

    A file is recognised by its SHA-256, or by its layers where none is known. A network whose file is known
    waits for it; one whose file nobody vouches for is trained from scratch, and its row says so.

    Raises:
        WeightsMissing: the file is not among them.
        TrainingError: a file cannot be read.
    """
    if record.pretrained is None:
        return Start()
    for file in weights:
        if fits(file, record.pretrained):
            return Start(file)
    if not record.pretrained.sha256:
        return Start(
            None,
            True,
            MINUTES_FROM_SCRATCH,
            f"from scratch: its ImageNet weights ({record.pretrained.file}) were not at hand",
        )
    raise WeightsMissing(f"needs the ImageNet weights file {record.pretrained.file}: --weights FILE")


def why_missing(record: Architecture) -> str:
    """Why a report has no figures for an architecture of which there is no row."""
    if not is_reference(record):
        return "no published figures; a bundle made of it stands under its own name"
    if record.pretrained is not None and record.pretrained.sha256:
        return f"not trained yet: needs the ImageNet weights file {record.pretrained.file}"
    return "not trained yet"


def row_of(rows: Sequence[BenchmarkRow], kind: Kind, id: str) -> BenchmarkRow | None:
    """The row of a model, if there is one."""
    return next((row for row in rows if (row.kind, row.id) == (kind, id)), None)
