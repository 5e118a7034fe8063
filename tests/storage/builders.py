"""Films and judgements for the catalogue's tests."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from cxr_desktop.domain.geometry import Box
from cxr_desktop.domain.header import FilmHeader, PersonName
from cxr_desktop.domain.prediction import Grade, Heatmap, ImageCheck, Judgement, LabelScore, Lungs, Prediction
from cxr_desktop.domain.worklist import FilmSource, NewFilm
from cxr_desktop.storage.catalogue import Catalogue

MODEL = ("sharma", "1.0")
NOON = datetime(2025, 3, 10, 12, 0, tzinfo=UTC)
OF_LABELS = (LabelScore("VIRUS", 0.1), LabelScore("NORMAL", 1 / 3), LabelScore("BACTERIA", 0.9 - 1 / 3))


def header(patient: str = "", **more: Any) -> FilmHeader:
    """A header of a patient with this name and an ID made of it."""
    named = {"patient_name": PersonName(patient), "patient_id": f"ID-{patient}"} if patient else {}
    return FilmHeader(**{**named, **more})


def new_film(path: str | Path, pixels: str, head: FilmHeader | None = None, **more: Any) -> NewFilm:
    """A readable film; `pixels` stands for their digest."""
    return NewFilm(
        source=FilmSource(Path(path)),
        header=head or FilmHeader(),
        shape=(1024, 880),
        fingerprint=pixels,
        thumbnail=b"\xff\xd8" + pixels.encode(),
        **more,
    )


def unreadable(
    path: str | Path, problem: str = "The file is empty. Export it again.", head: FilmHeader | None = None
) -> NewFilm:
    return NewFilm(source=FilmSource(Path(path)), header=head or FilmHeader(), problem=problem)


def judgement(
    probability: float | None = 0.7,
    model: tuple[str, str] = MODEL,
    seed: int = 0,
    label_scores: tuple[LabelScore, ...] = (),
) -> Judgement:
    """A model's judgement; without a probability the film is out of scope."""
    evidence = np.random.default_rng(seed).normal(size=(14, 11)).astype(np.float32)
    grade = Grade.PASSED if probability is not None else Grade.OUT_OF_SCOPE
    return Judgement(
        prediction=Prediction(
            model_id=model[0],
            model_version=model[1],
            score=0.25,
            probability=probability,
            operating_point=0.4,
            checks=(ImageCheck("lungs", grade, "Both lungs in view"), ImageCheck("age", Grade.PASSED, "4 y")),
            evidence_in_lungs=None if probability is None else 0.8,
            label_scores=label_scores,
        ),
        heatmap=None if probability is None else Heatmap(evidence, Box(10.5, 20, 900, 800), "Grad-CAM"),
        lungs=Lungs(np.zeros((4, 4), np.float32), (Box(1, 2, 30, 40.5), Box(1, 50, 30, 80))),
    )


def unscored(catalogue: Catalogue, model: tuple[str, str] = MODEL) -> list[int]:
    """The ids of the films that a model could still score."""
    films = [film for study in catalogue.studies(model) for film in study.films]
    return sorted(film.id for film in films if film.can_be_scored)
