"""Films between the disk, the catalogue and the services: plain functions over both, no Qt."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from cxr_desktop.domain.errors import CatalogueError, UnreadableImage
from cxr_desktop.domain.geometry import Box
from cxr_desktop.domain.labelled_films import LabelledFilm
from cxr_desktop.domain.own_reading import OwnReading
from cxr_desktop.domain.prediction import Heatmap, Judgement, box_around_lungs
from cxr_desktop.domain.radiograph import Radiograph
from cxr_desktop.domain.standpoint import Standpoint
from cxr_desktop.domain.worklist import Film, FilmSource, NewFilm, Outcome, Study
from cxr_desktop.imaging.fingerprint import pixel_fingerprint
from cxr_desktop.imaging.thumbnail import thumbnail_jpeg
from cxr_desktop.language import tr
from cxr_desktop.storage.copied_films import CopiedFilms
from cxr_desktop.storage.disks import on_removable_drive
from cxr_desktop.workers.intake_service import Found, StoredFilms
from cxr_desktop.workers.radiograph_cache import RadiographCache

if TYPE_CHECKING:  # SQLAlchemy takes 0.2 s to import: the window stands before it is asked for
    from cxr_desktop.storage.catalogue import Catalogue

OTHER_FILM = tr(
    "The file now shows another picture than when it was taken in. Locate the original, or open it anew."
)


def prepare_readers() -> None:
    """Imports the readers before the first film asks for them."""
    import cxr_desktop.imaging.intake  # noqa: PLC0415
    import cxr_desktop.imaging.read  # noqa: F401, PLC0415


def read_film(source: FilmSource) -> Radiograph:
    """Decodes a film's file. The readers take half a second to import: the window does not wait for them."""
    from cxr_desktop.imaging.read import read_radiograph  # noqa: PLC0415

    return read_radiograph(source)


class Films:
    """Takes films in, reads them again, and keeps what is said of them. Safe to call from any thread.

    Attributes:
        standpoint: the model whose predictions are shown, and what is in force for them; None: no model.
    """

    def __init__(
        self,
        copies: CopiedFilms,
        standpoint: Standpoint | None,
        copy_from_removable: Callable[[], bool],
    ) -> None:
        self.standpoint = standpoint
        self._copies = copies
        self._copy_from_removable = copy_from_removable
        self._cache = RadiographCache()
        self._removable: dict[Path, bool] = {}

    def use(self, catalogue: Catalogue) -> None:
        """The catalogue behind everything else here; handed over when the window already stands."""
        self._catalogue = catalogue

    # Films come in

    def find(self, paths: Sequence[Path], cancelled: Callable[[], bool]) -> Iterator[Found]:
        """What the paths hold, each with what describes it."""
        from cxr_desktop.imaging.intake import Candidate, Ignored, Rejected, find_films  # noqa: PLC0415

        self._removable.clear()  # drives come and go between two intakes
        for found in find_films(paths, cancelled):
            match found:
                case Candidate():
                    yield Found(found.source, partial(self._describe, found.source))
                case Rejected():
                    yield Found(found.source, partial(NewFilm, found.source, problem=found.reason))
                case Ignored():
                    yield Found(found.source, None)

    def store(self, films: Sequence[NewFilm]) -> StoredFilms:
        """Keeps them all in one transaction."""
        answers = self._catalogue.add_films(films)
        changed = frozenset[int]().union(*(answer.changed_study_ids for answer in answers))
        known = sum(answer.outcome is Outcome.KNOWN for answer in answers)
        return StoredFilms(tuple(sorted(changed)), len(answers) - known, known)

    def _describe(self, source: FilmSource) -> NewFilm:
        try:
            radiograph = read_film(source)
            copy = self._copy(source)
        except (UnreadableImage, CatalogueError) as reason:
            return NewFilm(source, problem=str(reason))
        fingerprint = pixel_fingerprint(radiograph)
        self._cache.put(FilmSource(copy) if copy else source, fingerprint, radiograph)
        return NewFilm(
            source,
            radiograph.header,
            radiograph.shape,
            fingerprint,
            thumbnail_jpeg(radiograph),
            copy=copy,
        )

    def _copy(self, source: FilmSource) -> Path | None:
        """A copy of a film whose file will not last: out of an archive, or on a drive that can be removed."""
        if not source.member and not (self._copy_from_removable() and self._is_removable(source.path)):
            return None
        from cxr_desktop.imaging.content import read_content  # noqa: PLC0415

        return self._copies.keep(read_content(source), source.member or source.path.name)

    def _is_removable(self, path: Path) -> bool:
        if path.parent not in self._removable:
            self._removable[path.parent] = on_removable_drive(path)
        return self._removable[path.parent]

    # Films are read again

    def read(self, film: Film) -> Radiograph:
        """The film's pixels, from wherever they still are.

        Raises:
            UnreadableImage: its file is gone or has become another film.
        """
        problem = UnreadableImage(tr("The film is no longer in the catalogue. Open its file again."))
        for place in self._catalogue.places(film.id):
            try:
                return self._read_at(place, film)
            except UnreadableImage as reason:
                problem = reason
        raise problem

    def _read_at(self, place: FilmSource, film: Film) -> Radiograph:
        at_hand = self._cache.get(place, film.fingerprint)
        if at_hand is not None:
            return at_hand
        radiograph = read_film(place)
        if pixel_fingerprint(radiograph) != film.fingerprint:
            raise UnreadableImage(OTHER_FILM)
        self._cache.put(place, film.fingerprint, radiograph)
        return radiograph

    def locate(self, film: Film, path: Path) -> None:
        """Notes that a film's file is now at `path`.

        Raises:
            CxrError: that file cannot be read, or is another film.
        """
        source = FilmSource(path)
        self._catalogue.relocate(film.id, source, pixel_fingerprint(read_film(source)))

    # What is said of them

    def studies(self, only: Sequence[int] | None = None) -> list[Study]:
        """Studies with the predictions of the model in use, as they are seen now."""
        standpoint = self.standpoint
        if standpoint is None:
            return self._catalogue.studies(None, only)
        return [standpoint.seen_study(each) for each in self._catalogue.studies(standpoint.model, only)]

    def explanation(self, film: Film) -> tuple[Heatmap | None, Box | None]:
        """The stored heatmap and lung rectangle of a scored film."""
        if film.prediction is None:
            return None, None
        model = film.prediction.model
        lungs = box_around_lungs(self._catalogue.lung_regions(film.id, model))
        return self._catalogue.heatmap(film.id, model), lungs

    def save(self, judgements: Sequence[tuple[Film, Judgement]]) -> None:
        """Keeps what a model said; it need not be the one in use any more."""
        if judgements:
            model = judgements[0][1].prediction.model
            self._catalogue.save_judgements(model, [(film.id, said) for film, said in judgements])

    def fail(self, film: Film, problem: str) -> None:
        """Notes that a film cannot be read any more."""
        self._catalogue.note_unreadable(film.id, problem)

    def note_own_reading(self, film_id: int, reading: OwnReading | None) -> None:
        """Keeps what the reader says of a film; None takes it back."""
        self._catalogue.note_own_reading(film_id, reading)

    def labelled_by_reader(self) -> tuple[list[LabelledFilm], int]:
        """The films of which the reader has said something, with her labels, each where it can be read now.

        Returns:
            These films, and how many others are left out, because no file shows them any more.
        """
        films = self._catalogue.films_with_own_reading()
        found = []
        for film in films:
            path = self._file_of(film)
            if path is not None and film.own_reading is not None:
                found.append(LabelledFilm(path, film.own_reading.label, patient=film.header.patient_id))
        return found, len(films) - len(found)

    def _file_of(self, film: Film) -> Path | None:
        """A file that shows the film; None where there is none, or only one inside an archive."""
        for place in self._catalogue.places(film.id):
            if not place.member and place.path.is_file():  # its pixels may outlive it in the cache
                with suppress(UnreadableImage):
                    self._read_at(place, film)
                    return place.path
        return None

    def mark_read(self, study_id: int, at: datetime | None) -> None:
        """Notes when a study was read; None: it is to be read again."""
        self._catalogue.mark_read(study_id, at)

    def remove(self, study_id: int) -> tuple[int, ...]:
        """Takes a study out of the catalogue, and its copies out of the data folder; originals stay.

        Returns:
            The ids of the studies that look different now, itself included.
        """
        removed = self._catalogue.remove_study(study_id)
        for copy in removed.copies:
            copy.unlink(missing_ok=True)
        return (study_id, *removed.changed_study_ids)

    @property
    def backup_problem(self) -> str:
        """Why there is no backup of today; "" where there is one."""
        return self._catalogue.backup_problem

    def tidy_up(self) -> None:
        """What is done once a start, beside the window: today's backup, and what a killed program left.

        Raises:
            CatalogueError: there is no backup today, and why.
        """
        self._catalogue.back_up_if_due()
        self._copies.remove_drafts()
