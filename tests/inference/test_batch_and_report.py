"""Many files in order, whatever is among them; and the rows they become."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from cxr_desktop.domain.errors import UnreadableImage
from cxr_desktop.domain.prediction import LabelScore
from cxr_desktop.domain.radiograph import Radiograph, picture_window
from cxr_desktop.domain.worklist import FilmSource
from cxr_desktop.inference.batch import BATCH, score_files
from cxr_desktop.inference.scorer import Scorer
from cxr_desktop.inference.triage_report import TriageRow, in_reading_order, unreadable_row, write_csv


def source(number: int) -> FilmSource:
    return FilmSource(Path(f"{number}.png"))


def read(wanted: FilmSource) -> Radiograph:
    number = int(wanted.path.stem)
    if number % 7 == 3:
        raise UnreadableImage("The file is empty.")
    values = np.random.default_rng(number).integers(0, 256, (60, 60)).astype(np.uint8)
    return Radiograph(values, (picture_window(values),))


def test_every_file_gets_its_result_in_order(scorer: Scorer) -> None:
    count = 5 * BATCH + 3
    results = list(score_files((source(n) for n in range(count)), scorer, jobs=2, read=read))
    assert [result.source for result in results] == [source(n) for n in range(count)]
    for number, result in enumerate(results):
        assert (result.problem == "The file is empty.") == (number % 7 == 3)
        assert (result.judgement is None) == bool(result.problem)


def test_files_are_read_only_a_little_ahead(scorer: Scorer) -> None:
    asked: list[int] = []

    def endless() -> Iterator[FilmSource]:
        for number in range(10_000):
            asked.append(number)
            yield source(number)

    results = score_files(endless(), scorer, jobs=2, read=read)
    next(results)
    results.close()
    assert len(asked) < 12 * BATCH


def test_large_films_are_read_ahead_in_smaller_numbers(scorer: Scorer) -> None:
    asked: list[int] = []
    large = np.tile(np.arange(256, dtype=np.uint8), (8000, 8))  # 16 megapixels

    def endless() -> Iterator[FilmSource]:
        for number in range(10_000):
            asked.append(number)
            yield source(number)

    def read_large(_: FilmSource) -> Radiograph:
        return Radiograph(large, (picture_window(large),))

    results = score_files(endless(), scorer, jobs=1, read=read_large)
    for _ in range(25):
        next(results)
    results.close()
    assert len(asked) <= 25 + 6


numbers = st.one_of(st.none(), st.floats(0, 1))
rows = st.builds(
    TriageRow,
    file=st.text(max_size=20),
    status=st.sampled_from(["scored", "check", "unreadable"]),
    probability=numbers,
    note=st.text(max_size=20),
)


@given(st.lists(rows))
def test_reading_order_loses_nothing_and_ends_with_the_unreadable(given_rows: list[TriageRow]) -> None:
    ordered = in_reading_order(given_rows)
    assert sorted(map(repr, ordered)) == sorted(map(repr, given_rows))
    ranks = [(row.status == "unreadable", row.probability is None) for row in ordered]
    assert ranks == sorted(ranks)
    probabilities = [r.probability for r in ordered if r.status != "unreadable" and r.probability is not None]
    assert probabilities == sorted(probabilities, reverse=True)


def test_the_csv_has_the_promised_columns_and_words() -> None:
    file = io.StringIO()
    scored = TriageRow("a.dcm", "scored", 0.875, 0.9, True, 0.5, "m 1")
    check = TriageRow("b,c.dcm", "check", None, 0.2, None, 0.5, "m 1", 'said "no"')
    write_csv([scored, check, unreadable_row(FilmSource(Path("x.zip"), "d"), "Empty.")], file)
    assert file.getvalue().splitlines() == [
        "file,status,probability,score,suspected,operating_point,model,note",
        "a.dcm,scored,0.875000,0.900000,true,0.500000,m 1,",
        '"b,c.dcm",check,,0.200000,,0.500000,m 1,"said ""no"""',
        "x.zip/d,unreadable,,,,,,Empty.",
    ]


def test_with_a_share_the_csv_holds_the_models_own_figures_and_those_at_the_share() -> None:
    file = io.StringIO()
    shared = TriageRow("a.dcm", "scored", 0.875, 0.9, True, 0.5, "m 1", "", 0.1, 0.25, 0.0625)
    write_csv([shared, unreadable_row(FilmSource(Path("x.dcm")), "Empty.")], file)
    assert file.getvalue().splitlines() == [
        "file,status,probability,score,suspected,operating_point,model,note,share,probability_at_share,"
        "operating_point_at_share",
        "a.dcm,scored,0.875000,0.900000,true,0.500000,m 1,,0.100000,0.250000,0.062500",
        "x.dcm,unreadable,,,,,,Empty.,,,",
    ]


def test_a_model_of_more_than_two_labels_gives_each_a_column() -> None:
    file = io.StringIO()
    scores = (LabelScore("VIRUS", 0.5), LabelScore("NORMAL", 0.125), LabelScore("Lobar, left", 0.375))
    scored = TriageRow("a.dcm", "scored", 0.875, 0.875, True, 0.5, "m 1", label_scores=scores)
    before = TriageRow("b.dcm", "scored", 0.25, 0.25, False, 0.5, "m 1")  # judged before scores were kept
    write_csv([scored, before], file)
    assert file.getvalue().splitlines() == [
        "file,status,probability,score,suspected,operating_point,model,note,"
        'score_VIRUS,score_NORMAL,"score_Lobar, left"',
        "a.dcm,scored,0.875000,0.875000,true,0.500000,m 1,,0.500000,0.125000,0.375000",
        "b.dcm,scored,0.250000,0.250000,false,0.500000,m 1,,,,",
    ]


def test_a_file_name_that_is_no_utf_8_does_not_lose_the_table(tmp_path: Path) -> None:
    name = Path(os.fsdecode(b"M\xfcller.dcm"))  # as an older system wrote it
    with (tmp_path / "queue.csv").open("w", encoding="utf-8", newline="") as file:
        write_csv([unreadable_row(FilmSource(name), "Empty.")], file)
    assert "M\\udcfcller.dcm" in (tmp_path / "queue.csv").read_text(encoding="utf-8")
