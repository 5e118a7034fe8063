"""Answers to what is asked of a film's score: plain functions over films and models, no Qt."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from cxr_desktop.domain.errors import CxrError
from cxr_desktop.domain.explanation import (
    Answer,
    Explanation,
    FilmLayers,
    LayersQuestion,
    Method,
    Question,
)
from cxr_desktop.domain.radiograph import Radiograph
from cxr_desktop.domain.worklist import Film
from cxr_desktop.imaging.grey_picture import grey_picture
from cxr_desktop.language import tr

if TYPE_CHECKING:  # the engine takes 0.1 s to import, on the thread that answers
    from cxr_desktop.inference.explain.explainer import Explainer, QuestionedFilm

# Two models are compared side by side; a third would only take memory.
_MODELS_KEPT = 2
_FILMS_KEPT = 4
# Of the film beside a layer's channel, in pixels: it is looked at in half a window.
_VIEW_SIDE = 1024


class Questions:
    """Keeps the models and films asked about last, so that a second question costs only itself.

    Used on one thread.
    """

    def __init__(
        self,
        film: Callable[[int], Film | None],
        read: Callable[[Film], Radiograph],
        folder_of: Callable[[str], Path],
        load: Callable[[Path], Explainer],
    ) -> None:
        """
        Args:
            film: a film of the worklist by its id; None where it is gone.
            read: decodes a film, raising UnreadableImage.
            folder_of: a model's bundle by what the library knows it by, raising CxrError.
            load: opens a bundle, raising CxrError.
        """
        self._film = film
        self._read = read
        self._folder_of = folder_of
        self._load = load
        self._explainers: OrderedDict[Path, Explainer] = OrderedDict()
        self._questioned: OrderedDict[tuple[Path, int], QuestionedFilm] = OrderedDict()

    def reply(
        self, question: Question | LayersQuestion, on_progress: Callable[[int, int], None]
    ) -> Answer | FilmLayers:
        """Whatever is asked.

        Raises:
            CxrError: as for `answer`.
        """
        if isinstance(question, LayersQuestion):
            return self.layers(question)
        return self.answer(question, on_progress)

    def answer(self, question: Question, on_progress: Callable[[int, int], None]) -> Answer:
        """
        Raises:
            CxrError: the film is gone, cannot be read or was not judged, or the model does not allow it.
        """
        from cxr_desktop.inference.explain.trust import doubts, overlap  # noqa: PLC0415

        started = time.monotonic()
        explainer, asked = self._opened(question.model, question.film_id)
        told = explainer.explain(asked, question.method, on_progress, question.options)
        maps: list[Explanation] = [told]
        in_common = None
        if question.method is not Method.CAM and asked.judgement.heatmap is not None:
            maps.insert(0, explainer.explain(asked, Method.CAM, on_progress))
            in_common = overlap(maps[0].heatmap, told.heatmap, asked.shape)
        sentences = doubts([each.heatmap for each in maps], [each.in_lungs for each in maps], asked.shape)
        return Answer(asked.judgement, told, in_common, sentences, time.monotonic() - started)

    def layers(self, question: LayersQuestion) -> FilmLayers:
        """What each layer of a model makes of a film.

        Raises:
            CxrError: as for `answer`.
        """
        explainer, asked = self._opened(question.model, question.film_id)
        maps = explainer.feature_maps(asked)
        film = self._read(self._listed(question.film_id))
        return FilmLayers(maps, grey_picture(film, _VIEW_SIDE, asked.box))

    def _opened(self, model: str, film_id: int) -> tuple[Explainer, QuestionedFilm]:
        bundle = self._folder_of(model)
        if bundle not in self._explainers:
            self._explainers[bundle] = self._load(bundle)
        self._explainers.move_to_end(bundle)
        while len(self._explainers) > _MODELS_KEPT:
            gone, _ = self._explainers.popitem(last=False)
            self._questioned = OrderedDict((k, v) for k, v in self._questioned.items() if k[0] != gone)
        explainer = self._explainers[bundle]
        key = (bundle, film_id)
        if key not in self._questioned:
            self._questioned[key] = explainer.question(self._read(self._listed(film_id)))
        self._questioned.move_to_end(key)
        while len(self._questioned) > _FILMS_KEPT:
            self._questioned.popitem(last=False)
        return explainer, self._questioned[key]

    def _listed(self, film_id: int) -> Film:
        film = self._film(film_id)
        if film is None:
            raise CxrError(tr("The film is no longer in the list. Choose another."))
        return film
