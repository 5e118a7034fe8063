"""The audit looks at fit and unfit films alike, and tells what it found in words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import pytest

from cxr_desktop.domain.audit.patients import name_pattern, with_patients_of_names
from cxr_desktop.domain.audit.problems import Problem, ProblemKind, Severity, left_out_by
from cxr_desktop.domain.audit.report import AuditChoice, AuditReport
from cxr_desktop.domain.errors import TrainingError
from cxr_desktop.domain.labelled_films import PATIENT_IN_NAME, FoundFilms, LabelledFilm, Side
from cxr_desktop.training.audit.audit import audit_films, judge_films, look_at_films
from tests.imaging.films import cropped_rg1, file_bytes, with_values
from tests.training.audit.pictures import drawn_films, picture, write


def audit(
    films: list[LabelledFilm] | FoundFilms, pattern: re.Pattern[str] = PATIENT_IN_NAME
) -> tuple[AuditReport, dict[ProblemKind, Problem]]:
    """The report, and its problems by kind (the gravest of each)."""
    found = films if isinstance(films, FoundFilms) else FoundFilms(tuple(films))
    report = audit_films(found, jobs=2, pattern=pattern)
    return report, {each.kind: each for each in reversed(report.problems)}


def test_counts_and_figures_are_told_by_side_and_class(tmp_path: Path, pydicom_films: Path) -> None:
    films = [*drawn_films(tmp_path, {"NORMAL": 3}, Side.TRAIN).films]
    chest = with_values(
        cropped_rg1(pydicom_films), PatientID="7", PatientAge="004Y", PatientSex="F", ViewPosition="AP"
    )
    (tmp_path / "film").write_bytes(file_bytes(chest))
    films.append(LabelledFilm(tmp_path / "film", "PNEUMONIA", Side.TEST))
    report, _ = audit(films)
    assert report.counts() == {"train": {"NORMAL": 3}, "test": {"PNEUMONIA": 1}}
    normal, ill = report.summaries().values()
    assert (normal.films, normal.width.median, normal.height.greatest, normal.age) == (3, 140, 150, None)
    assert normal.kinds == {"PNG": 3} and normal.views == {}
    assert ill.kinds == {"DICOM": 1} and ill.views == {"AP": 1} and ill.sexes == {"F": 1}
    assert ill.age is not None and ill.age.median == 4
    assert 0 <= ill.darkest.least < ill.brightest.greatest <= 1


def test_files_that_cannot_be_read_have_their_reason_and_can_be_left_out(tmp_path: Path) -> None:
    films = list(drawn_films(tmp_path, {"NORMAL": 2}).films)
    films.append(LabelledFilm(tmp_path / "gone.png", "PNEUMONIA"))
    (tmp_path / "words.txt").write_text("no film")
    films.append(LabelledFilm(tmp_path / "words.txt", "PNEUMONIA"))
    report, problems = audit(films)
    problem = problems[ProblemKind.UNREADABLE]
    assert "2 files cannot be read (2 of PNEUMONIA)" in problem.sentence
    assert [case.remark for case in problem.cases] == [each.reason for each in report.unreadable]
    assert "no such file" in problem.cases[0].remark
    assert left_out_by(report.problems, [ProblemKind.UNREADABLE]) == {film.path for film in films[2:]}
    assert left_out_by(report.problems, [ProblemKind.COPY]) == frozenset()


def test_a_patient_of_dicom_or_list_on_two_sides_is_certain(tmp_path: Path, pydicom_films: Path) -> None:
    chest = cropped_rg1(pydicom_films)
    films = []
    for number, (patient, side) in enumerate([("1", Side.TRAIN), ("1", Side.TEST), ("2", Side.TRAIN)]):
        path = tmp_path / f"person{number}_x.dcm"  # what a name says does not count beside DICOM
        path.write_bytes(file_bytes(with_values(chest, PatientID=patient, SOPInstanceUID=f"1.2.{number}")))
        films.append(LabelledFilm(path, "NORMAL", side))
    films.append(write(tmp_path, "a.png", picture(1), "NORMAL", Side.VALIDATION, "2"))
    _, problems = audit(films)
    problem = problems[ProblemKind.PATIENT_ACROSS_SIDES]
    assert (
        problem.severity is Severity.GRAVE
        and "2 patients have films on more than one side" in problem.sentence
    )
    assert {film.path.name for film in problem.leave_out} == {"person0_x.dcm", "person2_x.dcm"}
    assert ProblemKind.PATIENT_MAYBE_ACROSS_SIDES not in problems


def test_a_patient_of_a_name_on_two_sides_is_a_maybe_and_the_pattern_can_be_edited(tmp_path: Path) -> None:
    names = ["person1_virus_1", "person1_bacteria_2", "case-9-a", "case-9-b"]
    sides = [Side.TRAIN, Side.TEST, Side.TRAIN, Side.TEST]
    films = [
        write(tmp_path, f"{name}.png", picture(number), "NORMAL", side)
        for number, (name, side) in enumerate(zip(names, sides, strict=True))
    ]

    def named(pattern: re.Pattern[str]) -> list[str]:
        _, problems = audit(films, pattern)
        if ProblemKind.PATIENT_MAYBE_ACROSS_SIDES not in problems:
            return []
        problem = problems[ProblemKind.PATIENT_MAYBE_ACROSS_SIDES]
        assert "may be" in problem.sentence and problem.severity is Severity.WARNING
        return [case.remark for case in problem.cases]

    assert named(PATIENT_IN_NAME) == ["person1"]
    assert named(name_pattern(r"person(\d+)_(bacteria|virus)")) == []
    assert named(name_pattern(r"case-(\d+)")) == ["9"]
    report, _ = audit(films)
    told = with_patients_of_names(report.facts, name_pattern(r"case-(\d+)"))
    assert [film.patient for film in told] == ["", "", "9", "9"]
    with pytest.raises(TrainingError, match=r"no pattern for the patient"):
        name_pattern("person(")


def test_names_that_follow_no_pattern_say_nothing_of_patients(tmp_path: Path) -> None:
    films = [
        write(tmp_path / side, "0001.png", picture(number), "NORMAL", side)
        for number, side in enumerate((Side.TRAIN, Side.TEST))
    ]
    assert not {kind for kind in audit(films)[1] if "patient" in kind}


def test_two_films_alone_are_looked_at_and_found_too_few(tmp_path: Path) -> None:
    report, problems = audit(drawn_films(tmp_path, {"NORMAL": 1, "PNEUMONIA": 1}))
    assert len(report.facts) == 2 and not report.can_be_trained_on
    assert "NORMAL (1), PNEUMONIA (1); at least 10 are needed" in problems[ProblemKind.TOO_FEW].sentence
    assert set(problems[ProblemKind.TOO_FEW].leave_out) == set(report.films)


def test_no_film_and_one_class_are_told_not_refused(tmp_path: Path) -> None:
    report, problems = audit([])
    assert "no film that can be read" in problems[ProblemKind.TOO_FEW].sentence
    assert not report.can_be_trained_on and report.summaries() == {}
    report, _ = audit(FoundFilms(drawn_films(tmp_path, {"NORMAL": 12}).films, ("PNEUMONIA",), ("A mess.",)))
    sentences = [each.sentence for each in report.problems if each.severity is Severity.STOP]
    assert sentences[0] == "A mess."
    assert "one class only, NORMAL" in sentences[1]
    assert "PNEUMONIA (0)" in sentences[2]


def test_a_hundred_classes_are_looked_at_and_unequal_ones_told(tmp_path: Path) -> None:
    counts = {f"class {number:02}": 2 for number in range(99)} | {"large": 20}
    report, problems = audit(drawn_films(tmp_path, counts))
    assert len(report.summaries()) == 100
    assert "99 classes have few films" in problems[ProblemKind.TOO_FEW].sentence
    assert "and 89 more" in problems[ProblemKind.TOO_FEW].sentence
    assert "10.0 times as many films of large (20)" in problems[ProblemKind.IMBALANCE].sentence
    assert problems[ProblemKind.IMBALANCE].severity is Severity.WARNING


def test_a_class_with_test_films_only_has_nothing_to_learn_from(tmp_path: Path) -> None:
    train = drawn_films(tmp_path, {"NORMAL": 10, "PNEUMONIA": 10}, Side.TRAIN).films
    report, problems = audit([*train, write(tmp_path, "x.png", picture(9999), "OTHER", Side.TEST)])
    assert "OTHER (0)" in problems[ProblemKind.TOO_FEW].sentence and not report.can_be_trained_on


def test_sound_films_can_be_trained_on(tmp_path: Path) -> None:
    report, problems = audit(drawn_films(tmp_path, {"NORMAL": 50, "PNEUMONIA": 50}))
    assert report.can_be_trained_on and problems == {}


def test_progress_counts_each_film(tmp_path: Path) -> None:
    found = drawn_films(tmp_path, {"NORMAL": 40})
    told: list[tuple[int, int]] = []
    audit_films(found, 2, on_progress=lambda done, of: told.append((done, of)))
    assert told == [(done, 40) for done in range(1, 41)]


def test_what_is_left_out_counts_for_no_problem_and_no_shortcut(tmp_path: Path) -> None:
    films = list(drawn_films(tmp_path, {"NORMAL": 20, "PNEUMONIA": 12, "OTHER": 12}).films)
    films += [write(tmp_path, f"{number}.bmp", picture(5000 + number), "PNEUMONIA") for number in range(30)]
    films += [write(tmp_path, "again.png", picture(3), "NORMAL"), LabelledFilm(tmp_path / "gone", "NORMAL")]
    found = FoundFilms(tuple(films))
    seen = list(look_at_films(found.films, 2))

    def judged(left_out: Iterable[LabelledFilm] = ()) -> AuditReport:
        return judge_films(found, seen, (), AuditChoice(left_out=frozenset(film.path for film in left_out)))

    def shortcuts(report: AuditReport) -> list[str]:
        return [each.sentence for each in report.problems if each.kind is ProblemKind.SHORTCUT]

    before = judged()
    assert any("the kind of file" in sentence for sentence in shortcuts(before))
    without = judged(film for film in films if film.path.suffix != ".png" or film.path.name == "again.png")
    assert not shortcuts(without) and len(without.facts) == len(before.facts)
    assert next(each for each in without.giveaways if each.name == "the kind of file").auc is None
    assert {each.kind for each in without.problems} == {ProblemKind.TOO_FEW}  # below fifty
    assert {ProblemKind.UNREADABLE, ProblemKind.COPY} < {each.kind for each in without.before}
    gone = judged(film for film in films if film.label == "OTHER")
    assert any("All films of OTHER are left out" in each.sentence for each in gone.problems)
