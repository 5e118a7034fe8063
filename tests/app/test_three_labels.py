"""A model of three labels, from its network through the catalogue to what the reader sees and saves."""

from __future__ import annotations

import csv
from html import escape
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cxr_desktop.app.queue_file import save_queue
from cxr_desktop.domain.worklist import FilmSource, NewFilm, Study
from cxr_desktop.imaging.read import read_radiograph
from cxr_desktop.inference.devices import cpu
from cxr_desktop.inference.loading import load_scorer
from cxr_desktop.inference.scorer import Scorer
from cxr_desktop.resources import resources_folder
from cxr_desktop.storage.catalogue import Catalogue
from cxr_desktop.storage.folders import UserFolders
from cxr_desktop.ui.rows.tooltip import study_tooltip
from cxr_desktop.ui.theme import apply_theme
from cxr_desktop.ui.triage_panel import TriagePanel
from tests.training.tiny_bundle import write_bundle_of_three

LABELS = ("VIRUS", "NORMAL", "BACTERIA")


@pytest.fixture
def scorer(tmp_path: Path) -> Scorer:
    write_bundle_of_three(tmp_path / "three", "three")
    return load_scorer(tmp_path / "three", resources_folder() / "models" / "lung-finder", [cpu(1)])


@pytest.fixture
def stored(scorer: Scorer, folders: UserFolders, pydicom_films: Path) -> list[Study]:
    """Two real films, scored and stored, as the catalogue gives them after the program was opened again."""
    sources = [FilmSource(pydicom_films / name) for name in ("RG1_UNCR.dcm", "RG3_UNCR.dcm")]
    films = [read_radiograph(source) for source in sources]
    new = [
        NewFilm(source, film.header, film.shape, fingerprint=source.path.name)
        for source, film in zip(sources, films, strict=True)
    ]
    catalogue = Catalogue.open(folders.catalogue)
    ids = [added.film.id for added in catalogue.add_films(new)]
    catalogue.save_judgements(scorer.card.key, zip(ids, scorer.score(films), strict=True))
    catalogue.close()
    catalogue = Catalogue.open(folders.catalogue)
    studies = catalogue.studies(scorer.card.key)
    catalogue.close()
    return studies


def test_the_scores_of_each_label_reach_the_panel_the_tooltip_and_the_table(
    qtbot: QtBot, qapp: QApplication, scorer: Scorer, stored: list[Study], tmp_path: Path
) -> None:
    chest, hand = (study.lead for study in stored)
    assert chest.prediction is not None and hand.prediction is not None
    scores = {each.label: each.score for each in chest.prediction.label_scores}
    assert tuple(scores) == LABELS
    assert scores["VIRUS"] + scores["BACTERIA"] == pytest.approx(chest.prediction.score)
    assert hand.prediction.label_scores == ()  # no chest: the network was not shown it

    apply_theme(qapp, "dark")
    panel = TriagePanel()
    qtbot.addWidget(panel)
    panel.show()
    panel.show_film(chest, scorer.card)
    shown = panel.prediction_card.label_scores.text().replace("\u00a0", " ")
    greatest = max(scores, key=lambda label: scores[label])
    assert shown.startswith(f"Uncalibrated shares: {greatest.lower()} ")
    assert shown.count("%") == 3
    assert escape(panel.prediction_card.label_scores.text()) in study_tooltip(stored[0])
    panel.show_film(hand, scorer.card)
    assert not panel.prediction_card.label_scores.isVisible()

    assert save_queue(stored, tmp_path / "queue.csv") == 2
    rows = list(csv.DictReader((tmp_path / "queue.csv").read_text(encoding="utf-8").splitlines()))
    assert list(rows[0])[-3:] == [f"score_{label}" for label in LABELS]
    saved = [float(rows[0][f"score_{label}"]) for label in LABELS]
    assert saved == pytest.approx(list(scores.values()), abs=1e-6)
    assert [rows[1][f"score_{label}"] for label in LABELS] == ["", "", ""]
