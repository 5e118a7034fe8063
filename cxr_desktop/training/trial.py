"""A finished model tried on labelled films: the test films, adults, and films changed where there is no lung.

Nothing is chosen here. The test films are opened once, when nothing is left to choose.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from cxr_desktop.domain.errors import UnreadableImage
from cxr_desktop.domain.labelled_films import LabelledFilm
from cxr_desktop.domain.model_card import Evaluation, ModelCard
from cxr_desktop.domain.shortcuts import ShortcutFigure
from cxr_desktop.domain.worklist import FilmSource
from cxr_desktop.imaging.model_input import model_input
from cxr_desktop.inference.engine import Engine
from cxr_desktop.inference.lungs import LungFinder
from cxr_desktop.inference.scorer import Scorer
from cxr_desktop.training.appraise import logits_of
from cxr_desktop.training.events import Event, FilmLeftOut
from cxr_desktop.training.metrics import evaluate_predictions
from cxr_desktop.training.prepare import Material
from cxr_desktop.training.shortcuts import JudgedFilm, judged_film, measure_shortcuts
from cxr_desktop.training.store import ReadFilm

_LOCKED = "the hospital’s own films of the locked test set"
_MINED = "as mined from reports: about half of the pneumonias show no opacity to a panel of radiologists"
_ADULTS = {
    "normal": f"adults (NIH), patients held out: pneumonia or consolidation against no finding, {_MINED}",
    "rest": f"adults (NIH), patients held out: pneumonia or consolidation against all else, {_MINED}",
    "panel": "adults (NIH), never learned from: airspace opacity or none, by a panel of radiologists",
}


@dataclass(frozen=True, eq=False)
class Trial:
    """A model that is finished, the films to try it on, and all that judging them takes.

    Attributes:
        material: what it learned from; holds the films.
        card: with calibration and operating points.
        engine: runs its graph.
        lung_finder: with it films pass the whole chain that ships, and one that is not judged does not count;
            without it each film is judged whole, and shortcuts are not measured.
        read: decodes a file, or raises UnreadableImage.
        on_event: told of films that do not count.
    """

    material: Material
    card: ModelCard
    engine: Engine
    lung_finder: LungFinder | None
    read: ReadFilm
    on_event: Callable[[Event], None]

    def on_test_films(self) -> tuple[Evaluation, ...]:
        """Opens the test films and compares; nothing where the folder has none, or of one kind only."""
        return self._compared(self.material.test, self.material.dataset.test_films, "test")

    def on_locked_films(self) -> tuple[Evaluation, ...]:
        """The same on the hospital's own films that are never learned from; nothing where there are none."""
        return self._compared(self.material.locked, _LOCKED, "test")

    def on_adults(self) -> tuple[Evaluation, ...]:
        """What the model reaches on adults that it has not seen; nothing where there are none."""
        adults = self.material.adults.items()
        return tuple(each for name, films in adults for each in self._compared(films, _ADULTS[name], "other"))

    def on_changed_films(self, drawn_lungs: Path | None) -> tuple[ShortcutFigure, ...]:
        """How far the judgement of the held-out films hangs on what is not lung.

        Args:
            drawn_lungs: a folder of masks drawn by people, PNG files named like the films; None: the lung
                finder's count.

        Raises:
            UnreadableImage: a film or a mask cannot be read any longer.
        """
        scorer = self._scorer()
        return () if scorer is None else measure_shortcuts(self._held_out(drawn_lungs), scorer)

    def _held_out(self, drawn_lungs: Path | None) -> Iterator[JudgedFilm]:
        films = self.material.validation
        for film, suspicious in zip(films, self.material.suspicion_of(films), strict=True):
            yield judged_film(FilmSource(film.path), bool(suspicious), self.read, drawn_lungs)

    def _compared(
        self, films: Sequence[LabelledFilm], words: str, role: Literal["test", "other"]
    ) -> tuple[Evaluation, ...]:
        """One evaluation, or none where films of both kinds are not there.

        Args:
            words: which films.
        """
        judged: list[LabelledFilm] = []
        probabilities: list[float] = []
        for film, probability in self._judged(films):
            judged.append(film)
            probabilities.append(probability)
        truth = self.material.suspicion_of(judged)
        if not truth.any() or truth.all():
            return ()
        threshold = self.card.operating_point.threshold
        return (evaluate_predictions(truth, np.array(probabilities), threshold, words, role),)

    def _judged(self, films: Sequence[LabelledFilm]) -> Iterator[tuple[LabelledFilm, float]]:
        """The films that count, each with its calibrated probability."""
        scorer = self._scorer()
        for film in films:
            try:
                radiograph = self.read(FilmSource(film.path))
            except UnreadableImage as error:
                self.on_event(FilmLeftOut(film.path.name, str(error)))
                continue
            if scorer is None:
                (logit,) = logits_of(self.engine, [model_input(radiograph, self.card.input).image])
                yield film, self.card.calibration.probability(float(logit))
                continue
            (judgement,) = scorer.score([radiograph])
            if judgement.prediction.probability is None:
                self.on_event(FilmLeftOut(film.path.name, "; ".join(judgement.prediction.remarks)))
            else:
                yield film, judgement.prediction.probability

    def _scorer(self) -> Scorer | None:
        return None if self.lung_finder is None else Scorer(self.card, self.engine, self.lung_finder)
