"""Figures, times and verdicts as the reader sees them: one wording for lists, cards and tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from cxr_desktop.domain.header import FilmHeader, age_text
from cxr_desktop.domain.population import Population
from cxr_desktop.domain.prediction import LabelScore
from cxr_desktop.domain.triage import Band
from cxr_desktop.language import grouped, plural, tr

# Not strftime's %b, which follows the desktop's language: the window may speak another.
MONTHS = (
    tr("Jan"),
    tr("Feb"),
    tr("Mar"),
    tr("Apr"),
    tr("May"),
    tr("Jun"),
    tr("Jul"),
    tr("Aug"),
    tr("Sep"),
    tr("Oct"),
    tr("Nov"),
    tr("Dec"),
)

# What most models' suspicious films show. Another label stays as its model's card has it.
_SUSPICIONS = {"pneumonia": tr("pneumonia"), "suspicious": tr("suspicious")}


def suspicion_in_words(word: str) -> str:
    """The `suspicion_word` of a model's card as the reader says it, within a sentence."""
    return _SUSPICIONS.get(word, word)


def others_in_words(word: str) -> str:
    """What the films are called that are not suspicious: "not pneumonia".

    Args:
        word: the `suspicion_word` of the model's card.
    """
    if word == "suspicious":  # there it is no noun
        return tr("not suspicious")
    return tr("not {word}", word=suspicion_in_words(word))


def headline(band: Band, word: str) -> str:
    """A band in a few words: "Suspected pneumonia", "Not judged".

    Args:
        word: the `suspicion_word` of the model's card: what suspicious films show, or "suspicious".
    """
    shown = "" if word == "suspicious" else suspicion_in_words(word)  # there it is no noun
    match band:
        case Band.SUSPECTED:
            return tr("Suspected {word}", word=shown) if shown else tr("Suspicious")
        case Band.NOT_SUSPECTED:
            return tr("No {word} suspected", word=shown) if shown else tr("Not suspicious")
        case Band.NOT_JUDGED:
            return tr("Not judged")
        case Band.UNREADABLE:
            return tr("Unreadable")
        case Band.WAITING:
            return tr("Not scored yet")


def percent_text(probability: float, decimals: int = 0) -> str:
    """A probability in [0, 1] in percent, with a no-break space: "97 %".

    Never "0 %" and never "100 %": a model is not that sure, whatever the rounding says.
    """
    least = 10.0**-decimals
    percent = 100 * probability
    if round(percent, decimals) < least:
        return f"<{least:.{decimals}f}\u00a0%"
    if round(percent, decimals) > 100 - least:
        return f">{100 - least:.{decimals}f}\u00a0%"
    return f"{percent:.{decimals}f}\u00a0%"


def probability_text(probability: float, operating_point: float) -> str:
    """A probability in percent, with as many decimals (at most two) as tell it from the operating point.

    61.8 % against an operating point of 62 % would otherwise read "62 %, no pneumonia suspected".
    """
    for decimals in (0, 1):
        text = percent_text(probability, decimals)
        if probability == operating_point or text != percent_text(operating_point, decimals):
            return text
    return percent_text(probability, 2)


def label_scores_text(scores: Sequence[LabelScore]) -> str:
    """What a network gave each label, the most first; "" for none.

    "Uncalibrated shares: bacteria 62 % · virus 31 % · normal 7 %": they need not agree with the probability.
    """
    if not scores:
        return ""
    ordered = sorted(scores, key=lambda each: -each.score)
    parts = (f"{each.label.lower()}\u00a0{percent_text(each.score)}" for each in ordered)
    shares = "\u00a0· ".join(parts)  # a line may end with the dot, never begin
    return tr("Uncalibrated shares: {shares}", shares=shares)


def local_time(moment: datetime) -> datetime:
    """Local time without a time zone, as DICOM files give theirs, so that any two moments compare."""
    return moment.astimezone().replace(tzinfo=None) if moment.tzinfo else moment


def date_text(day: date) -> str:
    """A date, or a moment's local date: "21 Nov 2026"."""
    local = local_time(day) if isinstance(day, datetime) else day
    month = MONTHS[local.month - 1]
    return tr("{day}\u00a0{month}\u00a0{year}", day=local.day, month=month, year=local.year)


def date_time_text(moment: datetime) -> str:
    """The local date and time: "21 Nov 2026 08:12"."""
    local = local_time(moment)
    return f"{date_text(local)} {local.hour:02}:{local.minute:02}"


def duration_text(duration: timedelta) -> str:
    """A span of time in its largest fitting unit, rounded down: "12 min", "26 h", "4 d"."""
    minutes = max(0, int(duration.total_seconds() // 60))
    if minutes < 60:
        return tr("{minutes}\u00a0min", minutes=minutes)
    if minutes < 72 * 60:
        return tr("{hours}\u00a0h", hours=minutes // 60)
    return tr("{days}\u00a0d", days=minutes // (24 * 60))


def age_sex_text(header: FilmHeader) -> str:
    """Age and sex, as far as known: "4 y F"."""
    return " ".join(part for part in (age_text(header.age_years), header.sex) if part)


def ages_text(population: Population) -> str:
    """Whose films a model knows: "1 to 5 y", "1 to 5 y and 18 to 85 y", "18 y and older"; "" if unknown."""
    return tr(" and ").join(
        tr("{low:g} y and older", low=low)
        if high is None
        else tr("{low:g} to {high:g} y", low=low, high=high)
        for low, high in population.ages
    )


def views_text(headers: Iterable[FilmHeader]) -> str:
    """The views of a study, each once, in the order in which they came: "PA, LL"."""
    views = (header.view_position.strip().upper() for header in headers)
    return ", ".join(dict.fromkeys(view for view in views if view))


def counted(number: int, one: str, many: str) -> str:
    """A number with its noun: "1 film", "3 films", "1,000 films". The nouns are literals, as in `tr`."""
    return f"{grouped(number)} {plural(one, many, number)}"


def utf8_text(text: str) -> str:
    """A text with file names in it, as a UTF-8 file can hold it: stray bytes become escapes like `\\udcfc`.

    (Python keeps a name's bytes that are no UTF-8 as surrogates.)
    """
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def signed(change: float) -> str:
    """A difference with its sign: "−0.006"."""
    return f"{'−' if change < 0 else '+'}{abs(change):.3f}"
