"""Labelled films out of a list, out of several folders, and back into a list."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxr_desktop.domain.errors import TrainingError
from cxr_desktop.domain.labelled_films import LabelledFilm, Side
from cxr_desktop.training.film_list import films_listed, write_list
from cxr_desktop.training.film_sources import find_films, gather_films


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two films with names that a table and an encoding may stumble over."""
    for name in ("Müller, left.png", "ward 3/b.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    return tmp_path


def listed(folder: Path, text: str, encoding: str = "utf-8") -> tuple[LabelledFilm, ...]:
    file = folder / "list.csv"
    file.write_bytes(text.encode(encoding))
    return films_listed(file)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_table_is_read_in_any_usual_encoding_and_separation(
    folder: Path, encoding: str, separator: str
) -> None:
    rows = [
        ["file", "label", "side", "patient"],
        ['"Müller, left.png"', "NORMAL", "test", "p1"],
        ["ward 3/b.png", "PNEUMONIA", "", ""],
    ]
    films = listed(folder, "\r\n".join(separator.join(row) for row in rows), encoding)
    assert films == (
        LabelledFilm(folder / "Müller, left.png", "NORMAL", Side.TEST, "p1"),
        LabelledFilm(folder / "ward 3" / "b.png", "PNEUMONIA"),
    )


@pytest.mark.parametrize(
    "heading",
    [
        "File Name,Class",
        "image_path;Diagnosis",
        "sep=;\nFILE;LABEL",
        "\n\nPath\tTarget",
        "id,label,Image Index",
    ],
)
def test_columns_are_known_by_their_usual_names(folder: Path, heading: str) -> None:
    separator = next(each for each in (";", "\t", ",") if each in heading)
    cells = ["ward 3/b.png", "PNEUMONIA"]
    if heading.startswith("id"):
        cells = ["7", "PNEUMONIA", "ward 3/b.png"]
    (film,) = listed(folder, f"{heading}\n{separator.join(cells)}\n\n")
    assert film == LabelledFilm(folder / "ward 3" / "b.png", "PNEUMONIA")


def test_films_are_named_from_the_lists_folder_by_whole_path_or_as_on_windows(folder: Path) -> None:
    (folder / "lists").mkdir()
    whole = folder / "ward 3" / "b.png"
    for name in ("../ward 3/b.png", r"..\ward 3\b.png", str(whole), " ../ward 3/b.png "):
        (film,) = listed(folder / "lists", f"file,label\n{name},NORMAL")
        assert film.path == whole


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "an empty file"),
        ("file,label\n", "names no films"),
        ("name,label\nb.png,NORMAL", "no column file; its columns are: name, label"),
        ("b.png,NORMAL\nc.png,NORMAL", "no column file and no column label"),
        ("file,label\nward 3/b.png,NORMAL\ngone.png,NORMAL\n", r"1 file of the list.*gone\.png \(line 3\)"),
        ("file,label\nward 3/b.png,\n", "Line 2 .*no class"),
        ("file,label\nward 3/b.png", "Line 2 .*no class"),
        ("file,label,side\nward 3/b.png,NORMAL,dev", "Line 2 .*“dev”.*train, val or test"),
        (
            "file,label\nward 3/b.png,NORMAL\nward 3/../ward 3/b.png,PNEUMONIA",
            r"b\.png \(line 2: NORMAL; line 3: PNEUMONIA\)",
        ),
        ("file,label,patient\nward 3/b.png,N,p1\nward 3/b.png,N,p2", r"line 2: N, p1; line 3: N, p2"),
        ('file,label\n"ward 3/b.png,NORMAL' + "x" * 200_000, "Line 2 .*no line of a table"),
    ],
)
def test_a_wrong_list_is_refused_with_its_line_or_columns(folder: Path, text: str, words: str) -> None:
    with pytest.raises(TrainingError, match=words):
        listed(folder, text)


def test_a_line_that_says_the_same_once_more_counts_once(folder: Path) -> None:
    assert len(listed(folder, "file,label\nward 3/b.png,NORMAL\nward 3/b.png,NORMAL\n")) == 1


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"PK\x03\x04" + b"\0" * 60, "a ZIP archive, not a list"),  # a workbook
        (b"file,label\n\x81\x8d.png,NORMAL", "neither UTF-8 nor UTF-16 nor Windows-1252"),
        (b"\xff\xfef\0i\0l\0e\0,", "neither UTF-8"),
    ],
)
def test_what_is_no_table_is_called_what_it_is(tmp_path: Path, data: bytes, words: str) -> None:
    (tmp_path / "list.csv").write_bytes(data)
    with pytest.raises(TrainingError, match=words):
        films_listed(tmp_path / "list.csv")


TEXTS = st.text(st.characters(exclude_categories=["C"]), min_size=1, max_size=12).map(str.strip).filter(bool)
NAMES = TEXTS.filter(lambda name: name not in {".", ".."} and not set(name) & set('/\\:*?"<>|'))


@pytest.mark.parametrize(
    ("written", "years"),
    [("61", 61), ("061Y", 61), ("008M", 8 / 12), ("2,5", 2.5), ("414", None), ("old", None), ("", None)],
)
def test_view_age_and_sex_are_read_as_tables_and_dicom_write_them(
    folder: Path, written: str, years: float | None
) -> None:
    (film,) = listed(
        folder, f"file;label;View Position;Patient Age;Gender\nward 3/b.png;NORMAL;pa;{written};female"
    )
    assert (film.view, film.age_years, film.sex) == ("PA", pytest.approx(years) if years else None, "F")
    write_list([film], folder / "again.csv")
    (again,) = films_listed(folder / "again.csv")
    assert (again.view, again.sex) == ("PA", "F")
    assert again.age_years == (pytest.approx(years, abs=1e-4) if years else None)


@pytest.mark.parametrize(
    ("written", "sex"),
    [("F", "F"), ("w", "F"), ("Weiblich", "F"), ("male", "M"), ("männlich", "M"), ("divers", "O"),
     ("O", "O"), ("?", ""), ("", "")],
)  # fmt: skip
def test_a_sex_is_what_dicom_calls_it_also_in_a_german_table(folder: Path, written: str, sex: str) -> None:
    (film,) = listed(folder, f"file;label;sex\nward 3/b.png;NORMAL;{written}")
    assert film.sex == sex


@given(
    st.dictionaries(
        NAMES.map(str.casefold),
        st.tuples(TEXTS, st.sampled_from([None, *Side]), st.one_of(st.just(""), TEXTS)),
        min_size=1,
        max_size=6,
    )
)
def test_a_written_list_is_read_back_the_same(
    tmp_path_factory: pytest.TempPathFactory, films: dict[str, tuple[str, Side | None, str]]
) -> None:
    folder = tmp_path_factory.mktemp("written")
    made = []
    for number, (name, (label, side, patient)) in enumerate(films.items()):
        path = folder / ("inside" if number % 2 else "list") / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"x")
        made.append(LabelledFilm(path, label, side, patient))
    write_list(made, folder / "list" / "the list.csv")
    assert films_listed(folder / "list" / "the list.csv") == tuple(made)


def test_a_list_moves_together_with_the_films_below_it(folder: Path) -> None:
    write_list([LabelledFilm(folder / "ward 3" / "b.png", "NORMAL")], folder / "list.csv")
    moved = folder.rename(folder.with_name(f"{folder.name} moved"))
    assert films_listed(moved / "list.csv")[0].path == moved / "ward 3" / "b.png"


def test_a_list_that_cannot_be_written_leaves_the_old_one(folder: Path) -> None:
    (folder / "list.csv").mkdir()
    with pytest.raises(TrainingError, match="could not be written"):
        write_list([LabelledFilm(folder / "a.png", "NORMAL")], folder / "list.csv")


def test_a_list_is_found_fit_or_refused_like_a_folder(tmp_path: Path) -> None:
    rows = [("file", "label")]
    for number in range(24):
        (tmp_path / f"{number}.png").write_bytes(b"x")
        rows.append((f"{number}.png", "NORMAL" if number % 2 else "PNEUMONIA"))
    file = tmp_path / "list.csv"

    def write(rows: list[tuple[str, str]]) -> None:
        with file.open("w", newline="") as opened:
            csv.writer(opened).writerows(rows)

    write(rows)
    assert Counter(film.label for film in find_films(file)) == {"NORMAL": 12, "PNEUMONIA": 12}
    write([(name, label.replace("PNEUMONIA", "NORMAL")) for name, label in rows])
    with pytest.raises(TrainingError, match=r"one class only \(NORMAL\)"):
        find_films(file)
    write([*rows[:-1], (rows[-1][0], "normal")])
    assert gather_films([file]).obstacles
    with pytest.raises(TrainingError, match="twice, in different letters: NORMAL and normal"):
        find_films(file)


def test_several_folders_are_a_class_each(tmp_path: Path) -> None:
    for place in ("a/NORMAL", "b/NORMAL", "b/PNEUMONIA", "c/train"):
        (tmp_path / place).mkdir(parents=True)
        (tmp_path / place / "film.png").write_bytes(b"x")
    found = gather_films([tmp_path / place for place in ("a/NORMAL", "b/NORMAL", "b/PNEUMONIA")])
    assert Counter(film.label for film in found.films) == {"NORMAL": 2, "PNEUMONIA": 1}
    assert not found.obstacles
    found = gather_films([tmp_path / "a" / "NORMAL", tmp_path / "c" / "train"])
    assert "a side by its name" in found.obstacles[0]
    with pytest.raises(TrainingError, match="no such folder"):
        gather_films([tmp_path / "a" / "NORMAL", tmp_path / "gone"])
    (tmp_path / "list.csv").write_text("file,label")
    with pytest.raises(TrainingError, match="stands alone"):
        gather_films([tmp_path / "list.csv", tmp_path / "a" / "NORMAL"])


def test_labelled_folders_of_several_years_are_joined_by_class(tmp_path: Path) -> None:
    for place in ("2024/NORMAL", "2024/virus", "2025/NORMAL", "2025/virus", "2025/bacteria"):
        (tmp_path / place / "person1").mkdir(parents=True)
        (tmp_path / place / "person1" / "film.png").write_bytes(b"x")
    years = [tmp_path / "2024", tmp_path / "2025"]
    found = gather_films(years)
    assert Counter(film.label for film in found.films) == {"NORMAL": 2, "virus": 2, "bacteria": 1}
    assert not found.obstacles and not found.empty
    mixed = gather_films([years[0], tmp_path / "2025" / "NORMAL"])
    assert "2024 holds a folder for each class, and NORMAL holds films" in mixed.obstacles[0]
    of_patients = gather_films([tmp_path / "2025" / "NORMAL", tmp_path / "2025" / "virus"])
    assert Counter(film.label for film in of_patients.films) == {"NORMAL": 1, "virus": 1}
    for year in years:
        (year / "NORMAL" / "person1" / "film.png").unlink()
        (year / "NORMAL" / "person1").rmdir()
        (year / "NORMAL").rename(year / "tuberculosis")
    (years[1] / "bacteria" / "person1" / "film.png").unlink()
    (years[1] / "bacteria" / "person1").rmdir()
    (years[1] / "bacteria").rmdir()
    found = gather_films(years)  # no class is called normal, and both folders hold the same ones
    assert (Counter(film.label for film in found.films), found.empty) == ({"virus": 2}, ("tuberculosis",))


def test_an_unfit_folder_can_be_looked_at_and_says_what_hinders(tmp_path: Path) -> None:
    (tmp_path / "NORMAL").mkdir()
    (tmp_path / "PNEUMONIA").mkdir()
    for name in ("NORMAL/a.png", "loose.png"):
        (tmp_path / name).write_bytes(b"x")
    found = gather_films([tmp_path])
    assert [film.label for film in found.films] == ["NORMAL"]
    assert found.empty == ("PNEUMONIA",)
    assert "1 file lies loose" in found.obstacles[0]
