"""Drawn chests, and what the bundled models say of the first one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from cxr_desktop.imaging.phantom import phantom, phantom_file
from cxr_desktop.imaging.read import decode_film
from cxr_desktop.inference.bundle import open_classifier, open_lung_finder
from cxr_desktop.inference.devices import cpu
from cxr_desktop.inference.known_answers import ANSWERS_FILE, TOLERANCE, answer_of, known_answer
from cxr_desktop.inference.loading import load_scorer
from cxr_desktop.inference.scorer import Scorer
from cxr_desktop.resources import resources_folder
from tests.known_answers import bundled_models

FILE = resources_folder() / "models" / ANSWERS_FILE
WRITE_THEM = "a bundled network changed: run python -m tests.known_answers"


@pytest.mark.parametrize("folder", bundled_models(), ids=lambda folder: folder.name)
def test_each_bundled_model_answers_as_was_written_down(folder: Path, lung_finder_folder: Path) -> None:
    expected = known_answer(FILE, open_classifier(folder).card, open_lung_finder(lung_finder_folder).card)
    assert expected is not None, WRITE_THEM
    assert answer_of(load_scorer(folder, lung_finder_folder, [cpu(2)])) == pytest.approx(
        expected, abs=TOLERANCE / 10
    ), WRITE_THEM


def test_where_nothing_was_written_down_nothing_is_known(
    tmp_path: Path, classifier_folder: Path, lung_finder_folder: Path
) -> None:
    cards = open_classifier(classifier_folder).card, open_lung_finder(lung_finder_folder).card
    assert known_answer(tmp_path / ANSWERS_FILE, *cards) is None
    (tmp_path / ANSWERS_FILE).write_text("{}")
    assert known_answer(tmp_path / ANSWERS_FILE, *cards) is None


def test_every_drawn_chest_is_another_film_in_scope_and_the_same_each_time(scorer: Scorer) -> None:
    chests = [phantom(number, (512, 420)) for number in range(20)]
    assert all(each.prediction.probability is not None for each in scorer.score(chests))
    assert len({each.values.tobytes() for each in chests}) == len(chests)
    assert np.array_equal(phantom(3, (512, 420)).values, chests[3].values)


def test_its_file_is_read_like_any_other() -> None:
    film = decode_film(phantom_file(1, (512, 420)))
    assert film.shape == (512, 420)
    difference = film.values.astype(int) - phantom(1, (512, 420)).values
    assert np.abs(difference).max() < 16
