"""Whatever is opened, scored and read in whatever order: the catalogue says what a simple model says."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from cxr_desktop.domain.own_reading import OwnReading
from cxr_desktop.storage.catalogue import Catalogue
from tests.storage.builders import MODEL, NOON, header, judgement, new_film, unreadable, unscored

# Few of each, so that they meet. A digest belongs to one patient and study: pixels contradict no name.
PATHS = st.sampled_from(["/1", "/2", "/3", "/4"])
PICTURES = st.sampled_from(
    [(pixels, patient, study) for patient in ("Anna", "Berta") for study in "12" for pixels in "abc"]
)


class CatalogueMachine(RuleBasedStateMachine):
    """Keeps, in plain dictionaries, what should be there."""

    @initialize()
    def open_catalogue(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.catalogue = Catalogue.open(Path(self.folder.name) / "c.sqlite", now=lambda: NOON)
        self.study_of: dict[str, str] = {}  # pixels -> Study Instance UID
        self.unreadable: dict[str, str] = {}  # path -> problem
        self.scores: dict[str, float] = {}  # pixels -> probability
        self.said: dict[str, str] = {}  # pixels -> the reader's label
        self.read: set[str] = set()  # Study Instance UIDs, and paths of unreadable files

    @rule(path=PATHS, picture=PICTURES)
    def open_readable(self, path: str, picture: tuple[str, str, str]) -> None:
        number, patient, number_of_study = picture
        pixels, study = f"{patient}{number}{number_of_study}", f"{patient}.{number_of_study}"
        self.catalogue.add_films([new_film(path, pixels, header(patient, study_instance_uid=study))])
        if pixels not in self.study_of:
            self.study_of[pixels] = study
            self.read.discard(study)
        self.unreadable.pop(path, None)
        self.read.discard(path)

    @rule(path=PATHS, problem=st.sampled_from(["It is empty.", "It is truncated."]))
    def open_unreadable(self, path: str, problem: str) -> None:
        self.catalogue.add_films([unreadable(path, problem)])
        self.unreadable[path] = problem

    @rule(data=st.data(), probability=st.sampled_from([0.1, 0.9]))
    def score(self, data: st.DataObject, probability: float) -> None:
        if waiting := unscored(self.catalogue, MODEL):
            film = self.catalogue.film(data.draw(st.sampled_from(waiting)))
            assert film is not None
            self.catalogue.save_judgements(MODEL, [(film.id, judgement(probability))])
            self.scores[film.fingerprint] = probability

    @rule(data=st.data())
    def mark_read(self, data: st.DataObject) -> None:
        if studies := self.catalogue.studies(None):
            study = data.draw(st.sampled_from(studies))
            self.catalogue.mark_read(study.id, NOON)
            self.read.add(study.header.study_instance_uid or str(study.films[0].source.path))

    @rule(data=st.data(), label=st.sampled_from(["", "NORMAL", "PNEUMONIA"]))
    def say(self, data: st.DataObject, label: str) -> None:
        if films := [f for study in self.catalogue.studies(None) for f in study.films if f.fingerprint]:
            film = data.draw(st.sampled_from(films))
            self.catalogue.note_own_reading(film.id, OwnReading(label, NOON) if label else None)
            self.said.pop(film.fingerprint, None)
            if label:
                self.said[film.fingerprint] = label

    @rule()
    def close_and_open(self) -> None:
        self.catalogue.close()
        self.catalogue = Catalogue.open(Path(self.folder.name) / "c.sqlite", now=lambda: NOON)

    @invariant()
    def it_says_what_the_model_says(self) -> None:
        studies = self.catalogue.studies(MODEL)
        films = [film for study in studies for film in study.films]
        readable = [film for film in films if film.fingerprint]
        assert {f.fingerprint: f.header.study_instance_uid for f in readable} == self.study_of
        assert len(readable) == len(self.study_of)
        assert {str(f.source.path): f.problem for f in films if not f.fingerprint} == self.unreadable
        assert {f.fingerprint: f.probability for f in readable if f.prediction} == self.scores
        assert {f.fingerprint: f.own_reading.label for f in films if f.own_reading} == self.said
        uids = [s.header.study_instance_uid or str(s.films[0].source.path) for s in studies]
        assert len(uids) == len(set(uids)), "one study for each UID"
        assert {uid for uid, study in zip(uids, studies, strict=True) if study.read_at} == self.read
        assert unscored(self.catalogue) == sorted(f.id for f in readable if not f.prediction)

    def teardown(self) -> None:
        if hasattr(self, "catalogue"):
            self.catalogue.close()
            self.folder.cleanup()


TestCatalogueState = CatalogueMachine.TestCase
TestCatalogueState.settings = settings(
    max_examples=12, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
)
