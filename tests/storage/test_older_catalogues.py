"""Catalogues that earlier versions of the program made: samples of real files, brought up to date."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from cxr_desktop.domain.prediction import Status
from cxr_desktop.storage.backups import backups_of
from cxr_desktop.storage.catalogue import Catalogue
from cxr_desktop.storage.schema import SCHEMA_REVISION
from tests.storage.builders import MODEL, NOON, OF_LABELS, judgement

SAMPLE = Path(__file__).with_name("catalogue_0001.sql")


def make_sample(path: Path) -> None:
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(SAMPLE.read_text(encoding="utf-8"))


def test_what_the_first_schema_held_is_there_and_valid(path: Path) -> None:
    make_sample(path)
    catalogue = Catalogue.open(path, now=lambda: NOON)
    studies = catalogue.studies(MODEL)
    films = [film for study in studies for film in study.films]
    assert [str(film.header.patient_name) for film in films] == [
        "Okafor, Ada",
        "Buc, Jérôme",
        "Ødegaard, Liv",
        "",
        "Yamada, Tarou",
    ]
    assert [film.status for film in films] == [
        Status.SCORED,
        Status.CHECK,
        Status.SCORED,
        Status.UNREADABLE,
        Status.WAITING,
    ]
    expected = [judgement(0.9).prediction, judgement(None).prediction, judgement(0.1).prediction]
    assert [film.prediction for film in films[:3]] == expected
    assert films[2].marks and films[4].marks
    assert [study.read_at for study in studies] == [NOON, None, None, None, None]
    heatmap = catalogue.heatmap(films[0].id, MODEL)
    assert heatmap is not None and heatmap.evidence.shape == (14, 11)
    assert len(catalogue.lung_regions(films[0].id, MODEL)) == 2
    assert len(catalogue.places(films[0].id)) == 2
    catalogue.close()


def test_the_older_file_is_kept_as_a_backup_and_new_judgements_hold_what_it_could_not(path: Path) -> None:
    make_sample(path)
    catalogue = Catalogue.open(path, now=lambda: NOON)
    catalogue.save_judgements(MODEL, [(5, judgement(label_scores=OF_LABELS))])
    judged = catalogue.film(5, MODEL)
    catalogue.close()
    assert judged is not None and judged.prediction is not None
    assert judged.prediction.label_scores == OF_LABELS
    (backup,) = backups_of(path)
    for file, revision in ((path, SCHEMA_REVISION), (backup.path, "0001")):
        with closing(sqlite3.connect(file)) as connection:
            assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [(revision,)]
            assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
