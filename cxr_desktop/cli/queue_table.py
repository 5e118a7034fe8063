"""The queue in a terminal: judged films a line each, then the others beneath the reason that they share."""

from __future__ import annotations

import os
import shutil
import sys
import textwrap
from collections.abc import Iterable, Sequence

from cxr_desktop.cli.common import console
from cxr_desktop.domain.meaning import share_text
from cxr_desktop.domain.model_card import ModelCard, OperatingPoint
from cxr_desktop.domain.prediction import Status
from cxr_desktop.domain.triage import Band
from cxr_desktop.domain.wording import counted, headline, percent_text, probability_text
from cxr_desktop.inference.triage_report import TriageRow, labels_with_scores

_LONGEST_NAME = 200  # characters; the CSV has the whole name
_NARROWEST = 40


def print_queue(
    rows: Sequence[TriageRow], ignored: int, card: ModelCard, point: OperatingPoint | None = None
) -> None:
    """The table on standard output and a summary on standard error.

    Args:
        rows: in reading order, all of one model.
        card: that model's.
        point: the operating point in force; None: the card's default.
        ignored: files that were left out because they are no images.
    """
    home = _common_folder([row.file for row in rows])
    if home:
        print(f"Films in {plain(home)}\n")
    judged = [row for row in rows if row.suspected is not None]
    _print_judged(judged, len(home), len(str(len(rows))), card.suspicion_word)
    others = [row for row in rows if row.suspected is None]
    reasons = [(f"{_verdict(row, card.suspicion_word)}: {row.note}", row.file[len(home) :]) for row in others]
    print_by_reason(reasons, start=len(judged) + 1)
    counts = [
        counted(len(rows), "film", "films"),
        f"{sum(row.suspected is True for row in rows):,} suspected",
        f"{sum(row.status == Status.CHECK.value for row in rows):,} to check",
        f"{sum(row.status == Status.UNREADABLE.value for row in rows):,} unreadable",
    ]
    shared = next((row for row in rows if row.share is not None), None)
    if shared is not None and shared.share is not None:
        remark = f"Probabilities with your hospital’s share of {share_text(shared.share)}; the order stays."
        console.print(remark, markup=False)
    if labels_with_scores(rows):
        remark = "Beside the verdict: the network’s score for each label, uncalibrated; it decides nothing."
        console.print(remark, markup=False)
    if ignored:
        counts.append(f"{counted(ignored, 'other file', 'other files')} left out")
    console.print("\n" + " · ".join(counts), markup=False)
    named = (point or card.operating_point).name
    console.print(f"Model: {card.name} {card.version}, operating point {named}", markup=False)
    console.print("Decision support for research use. Not a diagnosis.", markup=False)


def _print_judged(rows: Sequence[TriageRow], skip: int, digits: int, word: str) -> None:
    """A line a film, with its remarks beneath; `skip` characters of each file are said above the table."""
    if not rows:
        return
    width = max(len(_verdict(row, word)) for row in rows)
    labels = labels_with_scores(rows)
    headings = "".join(f"  {_heading(label)}" for label in labels)
    print(f"{'#':>{digits}}  probability  {'verdict':<{width}}{headings}  film")
    for number, row in enumerate(rows, 1):
        probability = probability_text(*_shown(row))
        film = plain(row.file[skip:])
        scores = "".join(f"  {_score_text(row, label):>{len(_heading(label))}}" for label in labels)
        print(f"{number:>{digits}}  {probability:>11}  {_verdict(row, word):<{width}}{scores}  {film}")
        if row.note:
            print(_wrapped(plain(row.note), " " * (digits + 15)))


def _heading(label: str) -> str:
    """A label's name as its column's heading, at least as wide as ">99 %"."""
    return f"{plain(label.lower()):>5}"


def _score_text(row: TriageRow, label: str) -> str:
    score = row.score_of(label)
    return "" if score is None else percent_text(score)


def _shown(row: TriageRow) -> tuple[float, float]:
    """Probability and operating point of a judged row: at the hospital's share where it was told."""
    if row.probability_at_share is not None and row.operating_point_at_share is not None:
        return row.probability_at_share, row.operating_point_at_share
    return row.probability or 0.0, row.operating_point or 0.0


def print_by_reason(pairs: Iterable[tuple[str, str]], start: int = 1) -> None:
    """Files that have no verdict, numbered, beneath the reasons that they share.

    Args:
        pairs: the reason and the file; reasons come in the order in which they first occur.
    """
    by_reason: dict[str, list[str]] = {}
    for reason, file in pairs:
        by_reason.setdefault(reason, []).append(file)
    digits = len(str(start + sum(map(len, by_reason.values()))))
    number = start
    for reason, files in by_reason.items():
        print("\n" + _wrapped(plain(reason), ""))
        for file in files:
            print(f"{number:>{digits}}  {plain(file)}")
            number += 1


def plain(text: str, longest: int = _LONGEST_NAME) -> str:
    """For a terminal: without control characters, which a file name may hold and a terminal would obey.

    What is longer than `longest` characters loses its middle.
    """
    shown = "".join(character if character.isprintable() else "�" for character in text)
    if len(shown) <= longest:
        return shown
    half = longest // 2
    return f"{shown[:half]}…{shown[-half:]}"


def _wrapped(text: str, indent: str) -> str:
    """In lines that fit the terminal; in one line where there is none."""
    if not sys.stdout.isatty():
        return indent + text
    width = max(shutil.get_terminal_size().columns, _NARROWEST)
    return textwrap.fill(text, width, initial_indent=indent, subsequent_indent=indent)


def _common_folder(files: Sequence[str]) -> str:
    """The folder, with its last separator, in which all files lie; "" where that would not shorten much."""
    if len(files) < 2:
        return ""
    try:
        folder = os.path.commonpath(files)
    except ValueError:  # on several drives, or relative beside absolute
        return ""
    return folder + os.sep if len(folder) > 20 else ""


def _verdict(row: TriageRow, word: str) -> str:
    if row.suspected is None:
        return "unreadable" if row.status == Status.UNREADABLE.value else "not judged"
    verdict = headline(Band.SUSPECTED if row.suspected else Band.NOT_SUSPECTED, word).lower()
    return f"{verdict} (check)" if row.status == Status.CHECK.value else verdict
