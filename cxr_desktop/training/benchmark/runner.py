"""Each model in turn: trained where it must be, judged on the test films, its row kept.

Nothing is chosen here: recipes and stopping rules are the studies' own and look at the held-out films only.
The test films are opened to be reported, once for each row.
"""

from __future__ import annotations

import platform
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Protocol

import msgspec

from cxr_desktop import __version__
from cxr_desktop.domain.errors import CxrError, TrainingError
from cxr_desktop.domain.tuning import Tuning
from cxr_desktop.inference.bundle import CARD, GRAPH, open_classifier
from cxr_desktop.inference.devices import usable_cores
from cxr_desktop.training.architectures import ARCHITECTURES, Architecture
from cxr_desktop.training.benchmark.facts import cut_words, facts_of
from cxr_desktop.training.benchmark.judge import TestFilms, judge
from cxr_desktop.training.benchmark.plan import (
    BenchmarkRequest,
    Registry,
    Shipped,
    Start,
    WeightsMissing,
    chosen,
    row_of,
    start_of,
)
from cxr_desktop.training.benchmark.rows import BenchmarkRow, Kind, RowFile
from cxr_desktop.training.events import Event, EventFollower
from cxr_desktop.training.request import TrainingRequest
from cxr_desktop.training.run_folder import can_resume
from cxr_desktop.training.run_lock import check_free
from cxr_desktop.training.trainer import train_in_child
from cxr_desktop.training.versions import versions_of

Train = Callable[[TrainingRequest, Path, Callable[[Event], None]], None]

_LIBRARIES = ("keras", "tensorflow", "onnxruntime", "numpy", "scikit-learn")


class Listener(Protocol):
    """Whom a benchmark tells what happens."""

    def begins(self, id: str, number: int, of: int, minutes: float | None) -> None:
        """Model `number` (from 1) of `of` begins; `minutes` limits its training."""

    def trainer_said(self, event: Event) -> None:
        """Something happened in its training."""

    def judging(self, done: int, of: int) -> None:
        """`done` of `of` test films have been scored."""

    def ended(self, row: BenchmarkRow) -> None:
        """A model's row was kept."""

    def passed_over(self, id: str, reason: str) -> None:
        """A model was not begun."""


@dataclass(frozen=True)
class Outcome:
    """What a benchmark leaves.

    Attributes:
        rows: all in the file, also those of earlier benchmarks.
        incomplete: ids of chosen models that have no figures now.
    """

    rows: tuple[BenchmarkRow, ...]
    incomplete: tuple[str, ...]


class Benchmark:
    """Trains and judges models, and keeps a row of each."""

    def __init__(
        self,
        request: BenchmarkRequest,
        file: RowFile,
        listener: Listener,
        shipped: Sequence[Shipped] = (),
        lung_finder: Path | None = None,
        registry: Registry = ARCHITECTURES,
        train: Train = train_in_child,
        on_rows: Callable[[Sequence[BenchmarkRow]], None] = lambda rows: None,
    ):
        """Args:
        shipped: the bundles that come with the program; they are judged, not trained.
        lung_finder: its bundle's folder, for bundles that look at the lungs' rectangle.
        train: trains one model in a run's folder, or raises TrainingError.
        on_rows: called with all rows after each that is added.
        """
        self._request = request
        self._file = file
        self._listener = listener
        self._shipped = shipped
        self._lung_finder = lung_finder
        self._registry = registry
        self._train = train
        self._on_rows = on_rows

    def run(self) -> Outcome:
        """All chosen models. One that fails gets a row with its reason, and the others go on.

        Raises:
            TrainingError: an id is unknown, the folder has no test films, or the file holds the figures of
                other test films or cannot be written.
        """
        references, bundles = chosen(self._request, self._registry, self._shipped)
        test = TestFilms.of(self._request.films)
        rows = self._file.rows()
        if any(row.test_sha256 != test.sha256 for row in rows):
            raise TrainingError(
                "The file holds the figures of other test films; rows beside each other must be of the same. "
                "Name another file."
            )
        of = len(references) + len(bundles)
        incomplete: list[str] = []
        for number, record in enumerate(references, start=1):
            stands = row_of(self._file.rows(), "reference", record.id)
            if stands is not None and stands.stands and not self._request.again:
                self._listener.passed_over(record.id, "its row stands")
                continue
            try:
                start = start_of(record, self._request.weights)
            except WeightsMissing as missing:
                self._listener.passed_over(record.id, str(missing))
                if stands is None or not stands.stands:
                    incomplete.append(record.id)
                continue
            limit = _least(self._request.minutes, start.minutes)
            self._listener.begins(record.id, number, of, limit)
            make = partial(self._trained, record, start, test)
            row = self._attempt("reference", record.id, record.name, test, make)
            incomplete += [] if row.stands else [record.id]
        for number, bundle in enumerate(bundles, start=len(references) + 1):
            stands = row_of(self._file.rows(), "ours", bundle.card.id)
            unchanged = stands is not None and stands.model_sha256 == bundle.card.files.get(GRAPH)
            if stands is not None and stands.stands and unchanged and not self._request.again:
                self._listener.passed_over(bundle.card.id, "its row stands")
                continue
            self._listener.begins(bundle.card.id, number, of, None)
            make = partial(self._judged, bundle, test)
            row = self._attempt("ours", bundle.card.id, bundle.card.name, test, make)
            incomplete += [] if row.stands else [bundle.card.id]
        rows = self._file.rows()
        self._on_rows(rows)
        return Outcome(rows, tuple(incomplete))

    def _attempt(
        self, kind: Kind, id: str, name: str, test: TestFilms, make: Callable[[], BenchmarkRow]
    ) -> BenchmarkRow:
        try:
            row = make()
        except CxrError as error:
            row = self._failed(kind, id, name, test, str(error))
        except OSError as error:
            reason = f"A file could not be read or written ({error.strerror})."
            row = self._failed(kind, id, name, test, reason)
        self._on_rows(self._file.put(row))
        self._listener.ended(row)
        return row

    def _failed(self, kind: Kind, id: str, name: str, test: TestFilms, reason: str) -> BenchmarkRow:
        return BenchmarkRow(id, name, kind, "failed", date.today().isoformat(), test.sha256, reason)

    def _trained(self, record: Architecture, start: Start, test: TestFilms) -> BenchmarkRow:
        folder = self._request.work / record.id
        run, output = folder / "run", folder / "model"
        request = TrainingRequest(
            films=self._request.films.resolve(),
            architecture=record.id,
            output=output.resolve(),
            tuning=Tuning(epochs=self._request.epochs),
            seed=self._request.seed,
            minutes=_least(self._request.minutes, start.minutes),
            weights=start.weights.resolve() if start.weights is not None else None,
            from_scratch=start.from_scratch,
            locked_test=self._request.locked_test,
        )
        self._train_where_needed(request, run)
        bundle = open_classifier(output)
        facts = facts_of(EventFollower(run).new_events(), request, bundle.card, record.epochs)
        figures = judge(bundle, test.films, self._lung_finder, usable_cores(), self._listener.judging)
        cut = cut_words(facts)
        return BenchmarkRow(
            id=record.id,
            name=record.name,
            kind="reference",
            state="cut" if cut else "complete",
            made=date.today().isoformat(),
            test_sha256=test.sha256,
            note=cut,
            remarks=(start.remark,) if start.remark else (),
            parameters=record.parameters,
            model_version=bundle.card.version,
            model_sha256=bundle.card.files[GRAPH],
            versions=_versions(),
            figures=figures,
            training=facts,
        )

    def _train_where_needed(self, request: TrainingRequest, run: Path) -> None:
        """Leaves the bundle in `request.output`: a benchmark that was ended on the way goes on from there."""
        earlier = None if self._request.again else _earlier(run)
        same = earlier is not None and not earlier.differences(request)
        trained = (request.output / CARD).exists()
        if trained and same and earlier is not None and earlier.minutes == request.minutes:
            return
        resume = same and not trained and can_resume(run)
        check_free(run)  # a trainer outlives who started it
        _clear(request.output)
        if not resume:
            _clear(run)
        self._train(msgspec.structs.replace(request, resume=resume), run, self._listener.trainer_said)

    def _judged(self, shipped: Shipped, test: TestFilms) -> BenchmarkRow:
        bundle = open_classifier(shipped.folder)
        card = bundle.card
        figures = judge(bundle, test.films, self._lung_finder, usable_cores(), self._listener.judging)
        record = self._registry.get(card.provenance.architecture)
        return BenchmarkRow(
            id=card.id,
            name=card.name,
            kind="ours",
            state="complete",
            made=date.today().isoformat(),
            test_sha256=test.sha256,
            parameters=record.parameters if record is not None else None,
            model_version=card.version,
            model_sha256=card.files[GRAPH],
            versions=_versions(),
            figures=figures,
        )


def _earlier(run: Path) -> TrainingRequest | None:
    """What a run's folder was asked for before; None where that cannot be told."""
    try:
        return TrainingRequest.load(run)
    except (OSError, msgspec.MsgspecError):
        return None


def _clear(folder: Path) -> None:
    if folder.exists():
        shutil.rmtree(folder)


def _least(*limits: float | None) -> float | None:
    return min((limit for limit in limits if limit is not None), default=None)


def _versions() -> dict[str, str]:
    return {
        "cxr-desktop": __version__,
        "python": platform.python_version(),
        **versions_of(_LIBRARIES),
    }
