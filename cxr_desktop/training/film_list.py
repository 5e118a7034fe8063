"""A list of labelled films: a table with a line a film, as spreadsheets save it and as it is written here.

The columns are file and label, and where there are any side (train, val, test), patient, view, age (in years)
and sex. Files are named as seen from the list's folder, or with their whole path.
"""

from __future__ import annotations

import codecs
import csv
import io
import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from cxr_desktop.domain.errors import TrainingError
from cxr_desktop.domain.labelled_films import NAMED, SIDE_NAMES, LabelledFilm, listed
from cxr_desktop.domain.wording import counted
from cxr_desktop.imaging.sniff import SNIFF_BYTES, Kind, sniff
from cxr_desktop.language import tr

# What a column may be called, the first one found counting; written small, without spaces and marks.
_HEADINGS = {
    "file": (
        "file", "filename", "filepath", "path", "image", "imagefile", "imagename", "imagepath", "imageindex",
        "film",
    ),
    "label": ("label", "class", "category", "diagnosis", "finding", "target"),
    "side": ("side", "split", "set", "subset", "partition"),
    "patient": ("patient", "patientid", "patientgroup", "subject", "subjectid", "person"),
    "view": ("view", "viewposition", "projection"),
    "age": ("age", "ageyears", "patientage"),
    "sex": ("sex", "gender", "patientsex", "patientgender"),
}  # fmt: skip
# PS3.5 6.2, AS: an age in days, weeks, months or years.
_YEARS_OF = {"": 1.0, "Y": 1.0, "M": 1 / 12, "W": 7 / 365.25, "D": 1 / 365.25}
# By the first letter, also of German words; as DICOM has it.
_SEXES = {"F": "F", "W": "F", "M": "M", "D": "O", "O": "O"}
_OLDEST = 130  # NIH's table has patients of 414 years

_SEPARATORS = ",;\t"
_WANTED = tr("A list has a heading with the columns file and label, and a line a film")


def films_listed(file: Path, with_absent: bool = False) -> tuple[LabelledFilm, ...]:
    """The films of a list, in its order; a line that says the same once more is passed over.

    The table may be separated by commas, semicolons or tabs, and be in UTF-8, UTF-16 or Windows-1252.

    Args:
        with_absent: films whose files are not there belong to it, too: they were there when the program
            itself wrote the list.

    Raises:
        TrainingError: it cannot be read, is no table, lacks a column, names no film, or a line of it names a
            file that is not there, no class, an unknown side, or a film otherwise than a line before.
    """
    text = _text(file)
    separator, columns = _layout(text)
    films: dict[Path, tuple[int, LabelledFilm]] = {}
    missing: list[str] = []
    contradictions: list[str] = []
    for line, cells in _lines(text, separator, columns):
        path = _located(file.parent, cells["file"])
        if path is None and with_absent:
            path = file.parent / cells["file"]
        if path is None:
            missing.append(tr("{file} (line {line})", file=cells["file"].strip(), line=line))
            continue
        side = cells["side"].strip()
        film = LabelledFilm(
            path,
            cells["label"].strip(),
            SIDE_NAMES.get(side.casefold()),
            cells["patient"].strip(),
            view=cells["view"].strip().upper(),
            age_years=_years(cells["age"]),
            sex=_SEXES.get(cells["sex"].strip().upper()[:1], ""),
        )
        if not film.label:
            raise TrainingError(
                tr("Line {line} of the list gives its film no class. Write one, or remove it.", line=line)
            )
        if side and film.side is None:
            raise TrainingError(
                tr(
                    "Line {line} of the list puts its film on the side “{side}”, which is none. "
                    "Write train, val or test, or leave the field empty.",
                    line=line,
                    side=side,
                )
            )
        before, same = films.setdefault(path, (line, film))
        if same != film:
            contradictions.append(
                tr(
                    "{file} (line {before}: {said_before}; line {line}: {said})",
                    file=path.name,
                    before=before,
                    said_before=_said(same),
                    line=line,
                    said=_said(film),
                )
            )
    if missing:
        raise TrainingError(
            tr(
                "{missing}: {files}. Files are named as seen from the list’s folder, or with their "
                "whole path. Correct these lines, or remove them.",
                missing=counted(
                    len(missing), "file of the list cannot be found", "files of the list cannot be found"
                ),
                files=listed(missing, NAMED),
            )
        )
    if contradictions:
        raise TrainingError(
            tr(
                "{lines} of the list say otherwise of a film than a line before: {named}. Keep the "
                "line that is right.",
                lines=counted(len(contradictions), "line", "lines"),
                named=listed(contradictions, NAMED),
            )
        )
    if not films:
        raise TrainingError(tr("The list names no films. {wanted}.", wanted=_WANTED))
    return tuple(film for _, film in films.values())


def write_list(films: Iterable[LabelledFilm], file: Path) -> None:
    """Writes films as a list that `films_listed` reads back the same: path, label, side, patient, and view,
    age and sex where any film has one.

    Films below the list's folder are named as seen from it, so that both can be moved together.

    Raises:
        TrainingError: the file cannot be written.
    """
    table = io.StringIO(newline="")
    writer = csv.writer(table)
    folder = file.absolute().parent
    films = tuple(films)
    described = any(film.view or film.age_years is not None or film.sex for film in films)
    writer.writerow([*_HEADINGS][: None if described else -3])
    for film in films:
        path = film.path.absolute()
        named = path.relative_to(folder) if path.is_relative_to(folder) else path
        age = "" if film.age_years is None else str(film.age_years)
        row = (named.as_posix(), film.label, film.side or "", film.patient, film.view, age, film.sex)
        writer.writerow(row[: None if described else -3])
    # The mark lets spreadsheets see that it is UTF-8; names may hold bytes that are none.
    data = codecs.BOM_UTF8 + table.getvalue().encode("utf-8", "surrogateescape")
    fresh = file.with_name(f"{file.name}.part")
    try:
        fresh.write_bytes(data)
        fresh.replace(file)
    except OSError as error:
        raise TrainingError(
            tr(
                "The list {file} could not be written: {reason}. Choose another place.",
                file=file,
                reason=error.strerror,
            )
        ) from error


def _text(file: Path) -> str:
    """What a table's file says, in whichever of the usual encodings it is."""
    try:
        data = file.read_bytes()
    except OSError as error:
        raise TrainingError(
            tr("The list {file} cannot be read: {reason}.", file=file, reason=error.strerror)
        ) from error
    kind = sniff(data[:SNIFF_BYTES])
    # UTF-16 without a mark and Windows-1252 look like nothing that is known.
    if kind not in (Kind.TEXT, Kind.OTHER):
        raise TrainingError(
            tr(
                "{file} is {kind}, not a list of films. Save the table as CSV.",
                file=file.name,
                kind=kind.words,
            )
        )
    if data.startswith(codecs.BOM_UTF8):
        return data.decode("utf-8-sig", "surrogateescape")
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings = ["utf-16"]
    elif b"\0" in data[:2]:
        encodings = ["utf-16-be"] if data[0] == 0 else ["utf-16-le"]
    else:
        encodings = ["utf-8", "cp1252"]
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise TrainingError(
        tr(
            "The list’s letters cannot be read: it is neither UTF-8 nor UTF-16 nor Windows-1252. "
            "Save it as “CSV UTF-8”."
        )
    )


def _layout(text: str) -> tuple[str, dict[str, int]]:
    """The separator, and each known column's position: those that make most sense of the heading."""
    layouts = []
    headings: list[str] = []
    for separator in _SEPARATORS:
        headings = next(_rows(text, separator), (0, []))[1]
        names = [re.sub(r"[\W_]+", "", each.casefold()) for each in headings]
        columns = {
            column: next(names.index(each) for each in known if each in names)
            for column, known in _HEADINGS.items()
            if not set(known).isdisjoint(names)
        }
        layouts.append((len(columns), len(headings), separator, columns, headings))
    *_, separator, columns, headings = max(layouts, key=lambda each: each[:2])
    lacking = [column for column in ("file", "label") if column not in columns]
    if lacking:
        there = listed([each.strip()[:40] for each in headings if each.isprintable()], 8) or tr("none")
        raise TrainingError(
            tr(
                "The list has no column {lacking}; its columns are: {there}. {wanted}, separated "
                "by commas, semicolons or tabs.",
                lacking=tr(" and no column ").join(lacking),
                there=there,
                wanted=_WANTED,
            )
        )
    return separator, columns


def _lines(text: str, separator: str, columns: dict[str, int]) -> Iterator[tuple[int, dict[str, str]]]:
    """Each film's line number and its cells by column; a column that is not there is empty."""
    rows = _rows(text, separator)
    next(rows)
    for line, cells in rows:
        yield (
            line,
            {
                column: cells[place] if (place := columns.get(column, len(cells))) < len(cells) else ""
                for column in _HEADINGS
            },
        )


def _rows(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """The rows that are not empty, each with the number of the line on which it ends."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        for cells in reader:
            # Excel's own first line may name the separator.
            if any(each.strip() for each in cells) and not (reader.line_num == 1 and text.startswith("sep=")):
                yield reader.line_num, cells
    except csv.Error as error:
        raise TrainingError(
            tr(
                "Line {line} of the list is no line of a table. Save the table as CSV again.",
                line=reader.line_num,
            )
        ) from error


def _located(folder: Path, name: str) -> Path | None:
    """The file that a line names; None where there is none."""
    for spelt in (name, name.strip(), name.strip().replace("\\", "/")):
        # By spelling alone, so that one file named in two ways is found to be the same.
        path = Path(os.path.normpath(folder / spelt))
        try:
            if spelt and path.is_file():
                return path
        except (OSError, ValueError):  # a name that this system cannot have
            return None
    return None


def _years(text: str) -> float | None:
    """An age in years, also as DICOM writes it ("061Y", "008M"); None where it is none."""
    found = re.fullmatch(r"\s*(\d+(?:[.,]\d+)?)\s*([DWMY]?)\s*", text, re.IGNORECASE)
    if found is None:
        return None
    years = float(found[1].replace(",", ".")) * _YEARS_OF[found[2].upper()]
    return years if years <= _OLDEST else None


def _said(film: LabelledFilm) -> str:
    return ", ".join(part for part in (film.label, film.side, film.patient) if part)
