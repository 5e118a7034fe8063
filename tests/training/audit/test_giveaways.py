"""What tells a film's class without its lungs is measured, and what does not is not blamed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from cxr_desktop.domain.audit.giveaway import NOTICED, Giveaway
from cxr_desktop.domain.audit.problems import ProblemKind
from cxr_desktop.domain.audit.report import AuditReport
from cxr_desktop.domain.labelled_films import FoundFilms, LabelledFilm
from cxr_desktop.training.audit.audit import audit_films
from cxr_desktop.training.film_sources import gather_films
from tests.training.audit.pictures import drawn_films, picture, write

FILMS = 30  # of each class


def audit(films: list[LabelledFilm]) -> AuditReport:
    return audit_films(FoundFilms(tuple(films)), jobs=2)


def told(report: AuditReport) -> dict[str, Giveaway]:
    """The signs that are told as a problem, by name."""
    sentences = [each.sentence for each in report.problems if each.kind is ProblemKind.SHORTCUT]
    return {each.name: each for each in report.giveaways if each.sentence in sentences}


def test_films_that_differ_in_nothing_but_their_content_have_no_shortcut(tmp_path: Path) -> None:
    report = audit(list(drawn_films(tmp_path, {"NORMAL": FILMS, "PNEUMONIA": FILMS}).films))
    assert told(report) == {}
    widths = next(each for each in report.giveaways if each.name == "the width")
    assert widths.auc is None and "do not differ in the width" in widths.sentence


def test_width_kind_of_file_and_their_company_are_told(tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    films = []
    for number in range(FILMS):
        narrow, wide = int(random.integers(140, 165)), int(random.integers(160, 190))
        films.append(write(tmp_path, f"{number}.png", picture(number, (150, narrow)), "NORMAL"))
        films.append(write(tmp_path, f"{number}.bmp", picture(500 + number, (150, wide)), "PNEUMONIA"))
    found = told(audit(films))
    assert {"the width", "the aspect ratio", "the kind of file", "the file’s bytes per pixel"} <= set(found)
    assert not {"the height", "the marks in the corners"} & set(found)
    assert found["the width"].auc is not None
    assert 0.9 < found["the width"].auc.value < 1
    assert found["the kind of file"].auc is not None and found["the kind of file"].auc.value == 1


def framed(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return cv2.copyMakeBorder(image[12:-12, 12:-12], 12, 12, 12, 12, cv2.BORDER_CONSTANT, value=0)


def lettered(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return cv2.putText(image.copy(), "R", (4, 24), cv2.FONT_HERSHEY_SIMPLEX, 0.8, 255, 2)


@pytest.mark.parametrize(
    ("changed", "sign"),
    [(framed, "the border"), (lettered, "the marks in the corners")],
    ids=["frame", "mark"],
)
def test_a_dark_frame_and_a_letter_in_a_corner_give_their_class_away(
    tmp_path: Path, changed: Callable[[NDArray[np.uint8]], NDArray[np.uint8]], sign: str
) -> None:
    films = []
    for number in range(FILMS):
        films.append(write(tmp_path, f"{number}.png", picture(number), "NORMAL"))
        films.append(write(tmp_path, f"{number}.png", changed(picture(500 + number)), "PNEUMONIA"))
    found = told(audit(films))
    assert found[sign].auc is not None and found[sign].auc.value > 0.95


def test_of_many_classes_the_one_that_is_told_best_is_named(tmp_path: Path) -> None:
    films = []
    for place, label in enumerate("abc"):
        size = (150, 200 if label == "b" else 140)
        for number in range(12):
            films.append(write(tmp_path, f"{number}.png", picture(100 * place + number, size), label))
    widths = told(audit(films))["the width"]
    assert widths.label == "b" and widths.auc is not None and widths.auc.value == 1


def test_classes_of_a_few_films_are_not_measured(tmp_path: Path) -> None:
    assert audit(list(drawn_films(tmp_path, {"NORMAL": 9, "PNEUMONIA": 30}).films)).giveaways == ()


def test_the_width_of_the_childrens_originals_gives_them_away(data_folder: Path) -> None:
    report = audit_films(gather_films([data_folder / "kermany_full"]), jobs=2)
    widths = told(report)["the width"]
    assert widths.auc is not None and widths.auc.value == pytest.approx(0.9, abs=0.05)
    assert widths.auc.low > NOTICED
