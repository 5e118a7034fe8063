"""Studies and films as the catalogue gives them, made for the tests of lists and cards."""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
from PIL import Image

from cxr_desktop.domain.calibration import Calibration, ReliabilityBin
from cxr_desktop.domain.header import FilmHeader, PersonName
from cxr_desktop.domain.model_card import (
    Estimate,
    Evaluation,
    InputSpec,
    Label,
    ModelCard,
    OperatingPoint,
    Provenance,
)
from cxr_desktop.domain.population import Population
from cxr_desktop.domain.prediction import Grade, ImageCheck, LabelScore, Prediction
from cxr_desktop.domain.worklist import Film, FilmSource, Study

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)

PASSED = (
    ImageCheck("lungs", Grade.PASSED, "Frontal chest, both lungs in view"),
    ImageCheck("exposure", Grade.PASSED, "Exposure and contrast"),
    ImageCheck("age", Grade.PASSED, "Age within the model’s population (1–5 y)"),
)
ADULT = ImageCheck("age", Grade.WARNING, "Age 41 y; the model knows 1 to 5 y")
NO_LUNGS = ImageCheck("lungs", Grade.OUT_OF_SCOPE, "No two lungs found on this film")
OF_LABELS = (LabelScore("VIRUS", 0.31), LabelScore("NORMAL", 0.07), LabelScore("BACTERIA", 0.62))
TRUNCATED = "The JPEG ends early: 312 of 480 rows are there. Copy the file again from its source."


def prediction(
    probability: float | None, *, operating_point: float = 0.62, checks: Iterable[ImageCheck] = PASSED
) -> Prediction:
    """A prediction of the model of `model_card()`; None for one that is out of scope."""
    all_checks = tuple(checks)
    if probability is None:
        all_checks = (NO_LUNGS, *all_checks[1:])
    return Prediction(
        model_id="example-cnn",
        model_version="1.0",
        score=0.5 if probability is None else probability,
        probability=probability,
        operating_point=operating_point,
        checks=all_checks,
        evidence_in_lungs=None if probability is None else 0.91,
    )


def film(
    number: int,
    *,
    name: str = "",
    judged: Prediction | None = None,
    problem: str = "",
    view: str = "PA",
    thumbnail: bytes = b"",
    study_id: int | None = None,
    added_at: datetime | None = None,
    header: FilmHeader | None = None,
    marks: tuple[str, ...] = (),
) -> Film:
    """A film; its number is its id, and its study's unless `study_id` says otherwise."""
    if header is None:
        header = FilmHeader(
            patient_name=PersonName(name),
            patient_id=f"P{number:05}",
            age_years=1 + number % 5,
            sex="FM"[number % 2],
            study_datetime=datetime(2026, 11, 21, 6) + timedelta(minutes=11 * number),
            accession_number=f"A{9000 + number}",
            view_position=view,
        )
    return Film(
        id=number,
        study_id=number if study_id is None else study_id,
        source=FilmSource(Path("films") / f"film{number}.jpeg"),
        header=header,
        shape=(0, 0) if problem else (1024, 896),
        added_at=added_at or NOON + timedelta(seconds=number),
        thumbnail=thumbnail,
        problem=problem,
        marks=marks,
        fingerprint="" if problem else f"pixels-{number}",
        prediction=judged,
    )


def study(number: int, *, read: bool = False, **of_film: object) -> Study:
    """A study of one film; see `film` for what may be said of it."""
    only = film(number, **of_film)  # type: ignore[arg-type]
    return Study(number, (only,), NOON if read else None)


def many(count: int, thumbnails: tuple[bytes, ...] = (b"",)) -> list[Study]:
    """A hospital's worth of studies: every state occurs, probabilities spread."""
    random = np.random.default_rng(7)
    names = ("Okafor^Ada", "Buc^Jérôme", "Núñez^Íñigo", "Ødegaard^Liv", "Kowalski^Łukasz", "Yamada^Tarou", "")
    made = []
    for number in range(1, count + 1):
        judged: Prediction | None = prediction(float(random.beta(0.5, 0.5)))
        problem = ""
        match number % 12:
            case 3:
                judged = None
            case 5:
                judged = prediction(None)
            case 7:
                judged, problem = None, TRUNCATED
            case 9:
                judged = prediction(float(random.beta(0.5, 0.5)), checks=(*PASSED[:2], ADULT))
        made.append(
            study(
                number,
                read=number % 4 == 0,
                name=names[number % len(names)],
                judged=judged,
                problem=problem,
                thumbnail=b"" if problem else thumbnails[number % len(thumbnails)],
            )
        )
    return made


def grey_thumbnail(side: int = 128) -> bytes:
    """A thumbnail that needs no data folder: a grey ramp as JPEG."""
    ramp = np.tile(np.linspace(0, 255, side, dtype=np.uint8), (side * 3 // 4, 1))
    return _jpeg(Image.fromarray(ramp))


def real_thumbnails(data_folder: Path, count: int = 16) -> tuple[bytes, ...]:
    """Thumbnails of real children's films."""
    paths = sorted((data_folder / "kermany_full").glob("*/*.jpeg"))[::5][:count]
    pictures = []
    for path in paths:
        with Image.open(path) as picture:
            small = picture.convert("L")
            small.thumbnail((128, 128), Image.Resampling.BOX)
            pictures.append(_jpeg(small))
    return tuple(pictures)


def _jpeg(picture: Image.Image) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=85)
    return buffer.getvalue()


def model_card() -> ModelCard:
    """A card with two reliability bins and one evaluation."""
    figure = Estimate(0.93, 0.91, 0.95)
    return ModelCard(
        id="example-cnn",
        version="1.0",
        name="Example CNN",
        labels=(Label("NORMAL", False), Label("PNEUMONIA", True)),
        input=InputSpec(128, 128),
        heatmap=None,
        calibration=Calibration(
            fitted_on="held-out children’s films",
            bins=(
                ReliabilityBin(0.0, 0.5, 200, 6),
                ReliabilityBin(0.5, 0.9, 0, 0),
                ReliabilityBin(0.9, 1.0, 353, 346),
            ),
        ),
        operating_points=(OperatingPoint("balanced", 0.62, 0.95, 0.92, "Youden"),),
        population=Population("children of 1 to 5 years, one centre", 1, 5),
        provenance=Provenance("example", "children’s films", "2026-11-21"),
        licence="MIT",
        files={},
        evaluations=(
            Evaluation("children of 1–5 y", 624, figure, figure, figure, figure, ((218, 16), (27, 363))),
        ),
    )
