"""Catalogues that earlier versions of the program made: a kept sample of each schema, brought up to date."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory

from cxr_desktop.domain.prediction import Status
from cxr_desktop.storage.backups import backups_of
from cxr_desktop.storage.catalogue import Catalogue
from cxr_desktop.storage.examination import examine_catalogue
from cxr_desktop.storage.migrations.upgrade import alembic_config
from cxr_desktop.storage.schema import SCHEMA_REVISION
from tests.storage.builders import MODEL, NOON, OF_LABELS, judgement
from tests.storage.earlier.make_catalogue import OTHER_MODEL, fill, make_sample, sample_of

SCHEMAS = ScriptDirectory.from_config(alembic_config())
REVISIONS = sorted(each.revision for each in SCHEMAS.walk_revisions())


@pytest.fixture
def older(path: Path, request: pytest.FixtureRequest) -> Path:
    """A copy of the sample of the revision that the test is given."""
    path.parent.mkdir()
    shutil.copyfile(sample_of(request.param), path)
    return path


of_each_revision = pytest.mark.parametrize("older", REVISIONS, indirect=True)


def test_each_revision_has_a_sample_which_says_that_it_is_of_it() -> None:
    for revision in REVISIONS:
        with closing(sqlite3.connect(f"{sample_of(revision).as_uri()}?immutable=1", uri=True)) as connection:
            assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [(revision,)]


def test_a_sample_is_never_made_twice() -> None:
    before = sample_of(SCHEMA_REVISION).read_bytes()
    with pytest.raises(FileExistsError):
        make_sample(sample_of(SCHEMA_REVISION))
    assert sample_of(SCHEMA_REVISION).read_bytes() == before


@of_each_revision
def test_what_an_older_catalogue_held_is_there_and_valid(older: Path) -> None:
    catalogue = Catalogue.open(older, now=lambda: NOON)
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
    assert [len(film.thumbnail) > 0 for film in films] == [True, True, True, False, True]
    assert films[1].copy == Path("/data/films/bb.dcm")
    assert films[2].marks and films[4].marks
    assert [study.read_at for study in studies] == [NOON, None, None, None, None]
    heatmap = catalogue.heatmap(films[0].id, MODEL)
    assert heatmap is not None and heatmap.evidence.shape == (14, 11)
    assert len(catalogue.lung_regions(films[0].id, MODEL)) == 2
    assert len(catalogue.places(films[0].id)) == 2
    catalogue.close()


@of_each_revision
def test_it_holds_the_same_as_one_that_is_filled_today(older: Path, tmp_path: Path) -> None:
    today = Catalogue.open(tmp_path / "today.sqlite", now=lambda: NOON)
    fill(today)
    if sqlite_revision(older) < "0003":  # readers could not say yet what they think
        today.note_own_reading(3, None)
    catalogue = Catalogue.open(older, now=lambda: NOON)
    assert catalogue.studies(MODEL) == today.studies(MODEL)
    first, anew = catalogue.film(1, OTHER_MODEL), today.film(1, OTHER_MODEL)
    assert first is not None and first.prediction is not None
    assert anew is not None and anew.prediction is not None
    assert first.prediction.probability == anew.prediction.probability
    for each in (catalogue, today):
        each.close()


@of_each_revision
def test_an_older_file_is_kept_as_a_backup_and_new_judgements_hold_what_it_could_not(older: Path) -> None:
    before = sqlite_revision(older)
    catalogue = Catalogue.open(older, now=lambda: NOON)
    catalogue.save_judgements(MODEL, [(5, judgement(label_scores=OF_LABELS))])
    judged = catalogue.film(5, MODEL)
    catalogue.close()
    assert judged is not None and judged.prediction is not None
    assert judged.prediction.label_scores == OF_LABELS
    assert sqlite_revision(older) == SCHEMA_REVISION
    assert [sqlite_revision(backup.path) for backup in backups_of(older)] == [before]


@of_each_revision
def test_looking_at_an_older_catalogue_counts_its_rows_and_leaves_it_as_it_is(older: Path) -> None:
    before = older.read_bytes()
    facts = examine_catalogue(older)
    assert facts is not None
    assert facts.counts == {"studies": 5, "read": 1, "films": 5, "unreadable": 1, "judgements": 4}
    assert facts.is_older == (facts.revision != SCHEMA_REVISION)
    assert older.read_bytes() == before
    assert list(older.parent.iterdir()) == [older]


def sqlite_revision(file: Path) -> str:
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        (row,) = connection.execute("SELECT version_num FROM alembic_version").fetchall()
        return str(row[0])
