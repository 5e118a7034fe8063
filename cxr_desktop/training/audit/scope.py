"""What the image checks say of labelled films: which would not be judged, and which need a look."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Generator, Iterable, Sequence

from cxr_desktop.domain.audit.facts import Checked
from cxr_desktop.domain.audit.problems import Case, Problem, ProblemKind, Severity
from cxr_desktop.domain.errors import UnreadableImage
from cxr_desktop.domain.labelled_films import LabelledFilm
from cxr_desktop.domain.population import Population
from cxr_desktop.domain.prediction import Grade
from cxr_desktop.domain.radiograph import Radiograph
from cxr_desktop.domain.wording import counted
from cxr_desktop.domain.worklist import FilmSource
from cxr_desktop.imaging.read import read_radiograph
from cxr_desktop.inference.batch import in_batches
from cxr_desktop.inference.first_look import first_looks
from cxr_desktop.inference.lungs import LungFinder
from cxr_desktop.language import tr

# The films themselves say whom a model will know: no age is out of place yet.
_ANYBODY = Population("anybody")

_WORDS = {
    "size": tr("Too few pixels"),
    "frontal": tr("No frontal view of the chest, by what the file says"),
    "lungs": tr("Two lungs are not to be seen as a frontal chest film shows them"),
    "orientation": tr("Upside down or on its side"),
    "coverage": tr("Lungs cut off at an edge"),
    "exposure": tr("Oddly exposed"),
    "polarity": tr("Black and white exchanged"),
}


def check_films(
    films: Sequence[LabelledFilm], lung_finder: LungFinder, jobs: int
) -> Generator[Checked, None, None]:
    """Looks for the lungs on each film and asks the image checks, as before a film is judged.

    Args:
        lung_finder: its engine with one thread, as several films are looked at at once.
        jobs: threads.

    Returns:
        What came of each film, in their order, as it comes. Closing it gives up the rest.

    Raises:
        EngineError: the lung finder cannot be run.
    """
    return in_batches(films, lambda batch: _checked(batch, lung_finder), jobs, lambda each: each.pixels)


def scope_problems(checked: Iterable[Checked]) -> list[Problem]:
    """What is wrong with films that the image checks have looked at."""
    refused: dict[str, list[Case]] = defaultdict(list)
    remarked: dict[str, list[Case]] = defaultdict(list)
    for each in checked:
        out_of_scope = [check for check in each.failed if check.grade is Grade.OUT_OF_SCOPE]
        for found in out_of_scope or each.failed:
            into = refused if out_of_scope else remarked
            into[found.name].append(Case((each.film,), found.finding))
    return [
        *(_problem(name, cases, ProblemKind.OUT_OF_SCOPE) for name, cases in refused.items()),
        *(_problem(name, cases, ProblemKind.IMAGE_CHECK) for name, cases in remarked.items()),
    ]


def _checked(batch: Sequence[LabelledFilm], lung_finder: LungFinder) -> list[Checked]:
    radiographs: dict[int, Radiograph] = {}
    for index, film in enumerate(batch):
        try:
            radiographs[index] = read_radiograph(FilmSource(film.path))
        except UnreadableImage:
            continue  # the audit's first pass tells it
    if not radiographs:
        return [Checked(film, (), 0) for film in batch]
    seen = first_looks(list(radiographs.values()), lung_finder, _ANYBODY)
    looks = dict(zip(radiographs, seen, strict=True))
    return [
        Checked(
            film,
            tuple(check for check in looks[index].checks if check.grade is not Grade.PASSED),
            radiographs[index].values.size,
        )
        if index in looks
        else Checked(film, (), 0)
        for index, film in enumerate(batch)
    ]


def _problem(name: str, cases: Sequence[Case], kind: ProblemKind) -> Problem:
    is_refused = kind is ProblemKind.OUT_OF_SCOPE
    films = tuple(film for case in cases for film in case.films)
    what, count = _WORDS.get(name, name), counted(len(cases), "film", "films")
    return Problem(
        kind,
        Severity.WARNING if is_refused else Severity.NOTE,
        tr("{what}: {films}, not to be judged.", what=what, films=count)
        if is_refused
        else f"{what}: {count}.",
        tr("Look at them; leave out what is no frontal chest film.")
        if is_refused
        else tr("Look at them, and export again what came out wrong."),
        tuple(cases),
        films if is_refused else (),
    )
