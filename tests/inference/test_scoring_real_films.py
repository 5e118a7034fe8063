"""The bundled models on real films: scores, scopes and heatmaps."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from cxr_desktop.domain.header import FilmHeader
from cxr_desktop.domain.prediction import Grade, Status
from cxr_desktop.domain.radiograph import Radiograph, picture_window
from cxr_desktop.domain.worklist import FilmSource
from cxr_desktop.imaging.read import read_radiograph
from cxr_desktop.inference.scorer import Scorer


def originals(data: Path, label: str) -> list[Radiograph]:
    files = sorted((data / "kermany_full" / label).iterdir())[:8]
    return [read_radiograph(FilmSource(file)) for file in files]


@pytest.fixture(scope="module")
def film(data_folder: Path) -> Radiograph:
    return originals(data_folder, "PNEUMONIA")[0]


def test_pneumonia_scores_above_the_others(scorer: Scorer, data_folder: Path) -> None:
    sick = [each.prediction.probability or 0.0 for each in scorer.score(originals(data_folder, "PNEUMONIA"))]
    well = [each.prediction.probability or 1.0 for each in scorer.score(originals(data_folder, "NORMAL"))]
    assert np.median(sick) > scorer.card.operating_point.threshold > np.median(well)


def test_one_by_one_and_in_a_batch_give_the_same(scorer: Scorer, data_folder: Path) -> None:
    films = originals(data_folder, "PNEUMONIA")
    together = [each.prediction.score for each in scorer.score(films)]
    alone = [scorer.score([each])[0].prediction.score for each in films]
    assert together == pytest.approx(alone, abs=1e-5)


def test_a_heatmap_covers_what_the_network_saw_and_is_never_without_numbers(
    scorer: Scorer, film: Radiograph
) -> None:
    judgement = scorer.score([film])[0]
    seen, lungs = scorer.view(film).box, judgement.lungs.box
    assert judgement.heatmap is not None
    assert judgement.heatmap.box == seen
    assert lungs is not None
    assert 0 <= seen.top <= lungs.top < lungs.bottom <= seen.bottom <= film.shape[0]
    assert np.isfinite(judgement.heatmap.evidence).all()
    assert judgement.prediction.evidence_in_lungs is not None


def test_lungs_lie_side_by_side_inside_the_film(scorer: Scorer, film: Radiograph) -> None:
    box = scorer.score([film])[0].lungs.box
    assert box is not None
    assert 0 <= box.top < box.bottom <= film.shape[0]
    assert 0 <= box.left < box.right <= film.shape[1]
    assert box.width > 0.4 * film.shape[1]


def test_an_extremity_gets_neither_probability_nor_heatmap(scorer: Scorer, pydicom_films: Path) -> None:
    hand = read_radiograph(FilmSource(pydicom_films / "RG3_UNCR.dcm"))
    judgement = scorer.score([hand])[0]
    assert judgement.prediction.probability is None
    assert judgement.prediction.suspected is None
    assert judgement.prediction.status is Status.CHECK
    assert judgement.heatmap is None
    assert "EXTREMITY" in judgement.prediction.remarks[0]


def test_an_extremity_is_out_of_scope_by_its_pixels_alone(scorer: Scorer, pydicom_films: Path) -> None:
    hand = replace(read_radiograph(FilmSource(pydicom_films / "RG3_UNCR.dcm")), header=FilmHeader())
    assert scorer.score([hand])[0].prediction.probability is None


def test_somebody_of_an_unknown_age_group_gets_a_verdict_with_a_warning(
    scorer: Scorer, pydicom_films: Path
) -> None:
    chest = read_radiograph(FilmSource(pydicom_films / "RG1_UNCR.dcm"))
    chest = replace(chest, header=replace(chest.header, age_years=11.0))
    prediction = scorer.score([chest])[0].prediction
    assert prediction.probability is not None
    assert prediction.status is Status.CHECK
    assert [check.grade for check in prediction.checks if check.name == "age"] == [Grade.WARNING]


def test_a_side_view_is_not_judged(scorer: Scorer, film: Radiograph) -> None:
    lateral = replace(film, header=FilmHeader(view_position="LL"))
    assert scorer.score([lateral])[0].prediction.suspected is None


def test_an_inverted_film_is_said_to_be_and_keeps_its_verdict(scorer: Scorer, data_folder: Path) -> None:
    for film in originals(data_folder, "NORMAL"):
        inverted = replace(film, low_is_white=not film.low_is_white)
        prediction = scorer.score([inverted])[0].prediction
        if any(check.name == "polarity" for check in prediction.checks):
            assert prediction.probability is not None
            return
    pytest.fail("none of the inverted films was recognised")


@pytest.mark.parametrize("kind", ["noise", "ramp", "disc"])
def test_pictures_that_are_no_film_are_not_judged(scorer: Scorer, kind: str) -> None:
    rows, columns = np.mgrid[:200, :200]
    pictures = {
        "noise": np.random.default_rng(1).integers(0, 256, (200, 200)),
        "ramp": rows * 255 // 200,
        "disc": 255 * ((rows - 100) ** 2 + (columns - 100) ** 2 < 3000),
    }
    values = pictures[kind].astype(np.uint8)
    picture = Radiograph(values, (picture_window(values),))
    assert scorer.score([picture])[0].prediction.probability is None


def test_nearly_all_films_of_the_test_split_are_judged(scorer: Scorer, data_folder: Path) -> None:
    files = sorted((data_folder / "kermany224" / "test").rglob("*.jpeg"))[::8]
    judged = [
        scorer.score([read_radiograph(FilmSource(f))])[0].prediction.probability is not None for f in files
    ]
    assert np.mean(judged) > 0.97


def test_nearly_all_frontal_films_of_adults_are_judged(scorer: Scorer, data_folder: Path) -> None:
    files = sorted((data_folder / "nih_adult448").glob("*.jpeg"))[::10]
    judged = [
        scorer.score([read_radiograph(FilmSource(f))])[0].prediction.probability is not None for f in files
    ]
    assert np.mean(judged) > 0.93


def test_no_films_give_no_judgements(scorer: Scorer) -> None:
    assert scorer.score([]) == []
