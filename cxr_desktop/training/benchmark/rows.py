"""What a benchmark keeps: one row a model, in one JSON file."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Literal

import msgspec

from cxr_desktop.domain.classification import ClassFigures
from cxr_desktop.domain.errors import TrainingError
from cxr_desktop.domain.model_card import Evaluation

SCHEMA = 1

# How long another benchmark may hold the file; it needs milliseconds, so an older lock is of a killed one.
_LOCK_SECONDS = 30.0

Kind = Literal["reference", "ours"]
State = Literal["complete", "cut", "failed"]


class Figures(msgspec.Struct, frozen=True):
    """What a model reached on the test films.

    Attributes:
        at_half: as the studies measure: the raw score against 0.5. Its AUC is of the logits, whose order
            is the score's without the ties that rounding makes near 0 and 1.
        calibrated: at the card's default operating point, on calibrated probabilities.
        operating_point, threshold: that point's name and its threshold.
        loss: mean cross-entropy of the raw score for "suspicious or not", natural logarithm.
        classes: precision, recall, F1 and support by label; the label with the largest score is taken.
        roc: (false positive rate, true positive rate) of the corners of the ROC curve, in order.
        alike: whether all films get the same score.
        left_out: test files that gave no film.
    """

    at_half: Evaluation
    calibrated: Evaluation
    operating_point: str
    threshold: float
    loss: float
    classes: tuple[ClassFigures, ...]
    roc: tuple[tuple[float, float], ...]
    alike: bool = False
    left_out: int = 0


class TrainingFacts(msgspec.Struct, frozen=True):
    """How a model was trained.

    Attributes:
        most_epochs: at most so many were allowed; `recipe_epochs` is what the recipe says.
        epochs, best_epoch: run, and the one whose weights were kept, counted from 1.
        seconds_per_epoch: mean, with its validation.
        seconds: of all epochs.
        minutes: no epoch began after so many; None for no limit.
        ended: why training ended, in words.
        device: what it ran on.
        counts: films by side and class.
        data_sha256: digest over the sorted digests of the training films.
    """

    most_epochs: int
    recipe_epochs: int
    epochs: int
    best_epoch: int
    seconds_per_epoch: float
    seconds: float
    minutes: float | None
    seed: int
    ended: str
    device: str
    counts: dict[str, dict[str, int]]
    data_sha256: str


class BenchmarkRow(msgspec.Struct, frozen=True):
    """One model.

    Attributes:
        id: of the architecture, or of the bundle that ships.
        kind: "reference" for a study's system trained here, "ours" for a bundle that ships.
        state: "cut" where minutes or epochs were fewer than the recipe's; "failed" where there is no figure.
        note: what was cut, or why it failed; in words.
        remarks: what else must be known, such as "from scratch".
        made: date, ISO 8601.
        test_sha256: digest over the sorted digests of the test films.
        model_sha256: of the network's file.
        parameters: trainable or not; None where unknown.
        versions: of the libraries that matter, by name.
    """

    id: str
    name: str
    kind: Kind
    state: State
    made: str
    test_sha256: str
    note: str = ""
    remarks: tuple[str, ...] = ()
    parameters: int | None = None
    model_version: str = ""
    model_sha256: str = ""
    versions: dict[str, str] = {}
    figures: Figures | None = None
    training: TrainingFacts | None = None

    @property
    def stands(self) -> bool:
        """Whether it needs no second training."""
        return self.figures is not None


class _Contents(msgspec.Struct, frozen=True):
    schema: int
    rows: tuple[BenchmarkRow, ...]


class RowFile:
    """The rows of all models in one file, written whole after each row.

    Several benchmarks may write into it at the same time: each reads the file again before it adds its row.
    """

    def __init__(self, path: Path):
        self.path = path

    def rows(self) -> tuple[BenchmarkRow, ...]:
        """The rows as they stand; none where there is no file yet.

        Raises:
            TrainingError: the file is not one of a benchmark.
        """
        try:
            contents = msgspec.json.decode(self.path.read_bytes(), type=_Contents)
        except FileNotFoundError:
            return ()
        except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise TrainingError(
                f"The benchmark's figures cannot be read ({error}). Name another file, or remove this one to "
                "begin anew."
            ) from error
        if contents.schema != SCHEMA:
            raise TrainingError(
                f"The benchmark's figures have schema {contents.schema}; this program reads {SCHEMA}. Name "
                "another file."
            )
        return contents.rows

    def put(self, row: BenchmarkRow) -> tuple[BenchmarkRow, ...]:
        """Adds a row, in the place of an earlier one of the same model, and returns all.

        A failed attempt never takes the place of figures.

        Raises:
            TrainingError: the file cannot be written.
        """
        try:
            with self._locked():
                rows = list(self.rows())
                at = next((i for i, old in enumerate(rows) if (old.kind, old.id) == (row.kind, row.id)), None)
                if at is None:
                    rows.append(row)
                elif row.stands or not rows[at].stands:
                    rows[at] = row
                self._write(rows)
                return tuple(rows)
        except OSError as error:
            raise TrainingError(
                f"The benchmark's figures cannot be written ({error.strerror}). Make room, or name another "
                "file, and start again; models that are trained already are not trained again."
            ) from error

    def _write(self, rows: Sequence[BenchmarkRow]) -> None:
        text = msgspec.json.format(msgspec.json.encode(_Contents(SCHEMA, tuple(rows))), indent=1)
        write_beside(self.path, text + b"\n")

    @contextmanager
    def _locked(self) -> Iterator[None]:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        lock = self.path.with_name(f".{self.path.name}.lock")
        while True:
            try:
                os.close(os.open(lock, os.O_CREAT | os.O_EXCL))
                break
            except FileExistsError:
                with suppress(FileNotFoundError):
                    if time.time() - lock.stat().st_mtime > _LOCK_SECONDS:
                        lock.unlink()
                time.sleep(0.02)
        try:
            yield
        finally:
            lock.unlink(missing_ok=True)


def write_beside(path: Path, content: bytes) -> None:
    """Replaces a file so that a reader, or a kill, finds the old one or the new one.

    Raises:
        OSError: it cannot be written; the old one stays.
    """
    fresh = path.with_name(f".new-{os.getpid()}-{path.name}")
    try:
        fresh.write_bytes(content)
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)
