"""Two models judge the same real films with the chain that ships."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from cxr_desktop.domain.comparison import ModelComparison, Verdict, judge
from cxr_desktop.domain.errors import TrainingError
from cxr_desktop.domain.model_card import OperatingPoint
from cxr_desktop.domain.prediction import Grade, ImageCheck, Judgement
from cxr_desktop.domain.worklist import FilmSource
from cxr_desktop.inference.devices import cpu
from cxr_desktop.inference.loading import load_scorer
from cxr_desktop.inference.scorer import Scorer
from cxr_desktop.resources import resources_folder
from cxr_desktop.training.compare import FilmToCompare, common_labels, compare_models
from tests.training.tiny_bundle import write_bundle_of_three, write_tiny_bundle

LUNG_FINDER = resources_folder() / "models" / "lung-finder"
EACH = 24
POINT = 0.3


def scorer(folder: Path) -> Scorer:
    return load_scorer(folder, LUNG_FINDER, [cpu(1)])


@pytest.fixture(scope="module")
def now(tmp_path_factory: pytest.TempPathFactory) -> Scorer:
    """Calls bright films suspicious."""
    folder = tmp_path_factory.mktemp("now")
    write_tiny_bundle(folder, "bright", slope=20.0, middle=0.48)
    return scorer(folder)


@pytest.fixture(scope="module")
def new(tmp_path_factory: pytest.TempPathFactory) -> Scorer:
    """Calls dark films suspicious, so that it ranks all films the other way round."""
    folder = tmp_path_factory.mktemp("new")
    write_tiny_bundle(folder, "dark", slope=-20.0, middle=0.48)
    return scorer(folder)


@pytest.fixture(scope="module")
def films(data_folder: Path) -> list[FilmToCompare]:
    return [
        FilmToCompare(FilmSource(path), label, label == "PNEUMONIA")
        for label in ("NORMAL", "PNEUMONIA")
        for path in sorted((data_folder / "kermany224" / "train" / label).iterdir())[:EACH]
    ]


@pytest.fixture(scope="module")
def compared(films: list[FilmToCompare], now: Scorer, new: Scorer) -> ModelComparison:
    return compare_models(films, "48 films", now, new, jobs=2, with_shortcuts=False)


def test_two_opposite_models_differ_by_all_that_they_reach(compared: ModelComparison) -> None:
    first, second = compared.now.auc.value, compared.new.auc.value
    assert first + second == pytest.approx(1)
    assert compared.auc_difference.value == pytest.approx(second - first)
    difference, recall = compared.auc_difference, compared.recall.difference
    assert compared.verdict is judge(EACH, EACH, difference, recall)[0]
    assert compared.reasons


def test_every_film_stands_with_both_probabilities_and_what_flips_comes_first(
    compared: ModelComparison, films: list[FilmToCompare]
) -> None:
    assert [film.film for film in compared.films] == [str(film.source) for film in films]
    assert compared.not_compared == ()
    for film in compared.films:
        assert film.suspected == tuple(each >= POINT for each in film.probabilities)
    apart = [abs(film.probabilities[0] - film.probabilities[1]) for film in compared.flips]
    assert apart and apart == sorted(apart, reverse=True)
    assert len(compared.flips) == sum(film.suspected[0] != film.suspected[1] for film in compared.films)


def test_each_model_is_told_at_each_of_its_operating_points(compared: ModelComparison, now: Scorer) -> None:
    for model in (compared.now, compared.new):
        assert [point.name for point in model.points] == [each.name for each in now.card.operating_points]
        for point in model.points:
            suspicious, others = point.classes
            assert (suspicious.support, others.support) == (EACH, EACH)
            (tn, fp), (fn, tp) = point.evaluation.confusion
            assert suspicious.recall == pytest.approx(tp / (tp + fn))
            assert others.recall == pytest.approx(tn / (tn + fp))
        assert sum(each.films for each in model.reliability) == 2 * EACH
        assert model.roc[0] == (0, 0) and model.roc[-1] == (1, 1)
        assert model.precision_recall[0][0] == 1
        assert model.evidence_in_lungs is not None and 0 < model.evidence_in_lungs < 1


def test_verdicts_follow_the_operating_point_in_force_of_each_model_that_has_it(
    films: list[FilmToCompare], now: Scorer, new: Scorer, compared: ModelComparison
) -> None:
    high = 0.9
    more = (*now.card.operating_points, OperatingPoint("High sensitivity", high, 0.5, 0.5))
    with_more = Scorer(replace(now.card, operating_points=more), now.engine, now._lung_finder)
    result = compare_models(films, "48 films", with_more, new, 2, False, point="high sensitivity")
    assert [each.name for each in result.now.points] == ["High sensitivity", "balanced"]
    assert result.new.points == compared.new.points  # it has no such point
    for film in result.films:
        assert film.suspected == (film.probabilities[0] >= high, film.probabilities[1] >= POINT)
    (quiet, alarms), _ = result.now.points[0].evaluation.confusion
    assert result.recall.specificity == pytest.approx(quiet / (quiet + alarms))
    assert result.flips != compared.flips and result.auc_difference == compared.auc_difference


def test_the_comparison_survives_its_json(compared: ModelComparison) -> None:
    assert msgspec.json.decode(msgspec.json.encode(compared), type=ModelComparison) == compared


def test_films_without_a_judgement_are_named_and_not_counted(
    films: list[FilmToCompare], now: Scorer, new: Scorer, tmp_path: Path, pydicom_films: Path
) -> None:
    shutil.copy(pydicom_films / "RG3_UNCR.dcm", tmp_path / "hand.dcm")
    (tmp_path / "empty.png").touch()
    more = [FilmToCompare(FilmSource(tmp_path / name), "NORMAL", False) for name in ("hand.dcm", "empty.png")]
    told: list[tuple[str, int, int]] = []
    result = compare_models(
        [*films[:3], *more, *films[-3:]], "few", now, new, 1, False, lambda *each: told.append(each)
    )
    hand, empty = result.not_compared
    assert (Path(hand.film).name, hand.readable, all(hand.reasons)) == ("hand.dcm", True, True)
    assert (Path(empty.film).name, empty.readable) == ("empty.png", False)
    assert "empty" in empty.reasons[0]
    assert len(result.films) == 6
    assert result.verdict is Verdict.NO_EVIDENCE and "Only 3 suspicious" in result.reasons[0]
    assert told[-1] == (new.card.name, 8, 8)
    with pytest.raises(TrainingError, match=r"No film was judged by both.* × .*empty"):
        compare_models(more, "none", now, new, 1, False)


def test_a_film_that_one_model_refuses_is_compared_by_neither(
    films: list[FilmToCompare], now: Scorer
) -> None:
    refusing = Refusing(now)
    result = compare_models([*films[:3], *films[-3:]], "few", now, refusing, 1, False)
    (refused,) = result.not_compared
    assert refused.reasons[0] == "" and "hand" in refused.reasons[1]
    assert len(result.films) == 5 and refused.film not in [film.film for film in result.films]


def test_what_the_models_look_at_is_measured_on_the_same_films(
    films: list[FilmToCompare], now: Scorer, new: Scorer
) -> None:
    result = compare_models([*films[:2], *films[-2:]], "four", now, new, 1)
    names = [each.name for each in result.now.shortcuts]
    assert "blanking all but the dilated lungs" in names
    assert names == [each.name for each in result.new.shortcuts]


def test_a_model_of_three_labels_is_compared_by_suspicion(
    films: list[FilmToCompare], now: Scorer, tmp_path: Path
) -> None:
    write_bundle_of_three(tmp_path / "three", "three")
    three = scorer(tmp_path / "three")
    labels = common_labels(now.card, three.card)
    assert {label.name: label.suspicious for label in labels} == {
        "NORMAL": False,
        "PNEUMONIA": True,
        "VIRUS": True,
        "BACTERIA": True,
    }
    sub = [film for film in films if not film.suspicious][:3]
    virus = [replace(film, label="virus") for film in films if film.suspicious][:3]
    result = compare_models([*sub, *virus], "six", now, three, 1, False)
    assert result.now.labels is None
    assert result.new.labels is not None
    assert [each.support for each in result.new.labels.classes] == [3, 3, 0]
    # Films labelled as only the other model knows say nothing of which label it gives.
    assert compare_models([*films[:3], *films[-3:]], "six", now, three, 1, False).new.labels is None


def test_models_that_disagree_on_what_is_suspicious_are_not_compared(now: Scorer) -> None:
    turned = replace(
        now.card, labels=tuple(replace(each, suspicious=not each.suspicious) for each in now.card.labels)
    )
    with pytest.raises(TrainingError, match="disagree on whether NORMAL is suspicious"):
        common_labels(now.card, turned)


class Refusing(Scorer):
    """A real scorer that finds a hand on the third film."""

    def __init__(self, like: Scorer) -> None:
        super().__init__(like.card, like.engine, like._lung_finder)
        self._seen = 0

    def score(self, films):  # type: ignore[no-untyped-def]
        judgements = []
        for judgement in super().score(films):
            self._seen += 1
            if self._seen != 3:
                judgements.append(judgement)
            else:
                refused = replace(
                    judgement.prediction,
                    probability=None,
                    checks=(ImageCheck("lungs", Grade.OUT_OF_SCOPE, "This is a hand."),),
                )
                judgements.append(Judgement(refused, None, judgement.lungs))
        return judgements
