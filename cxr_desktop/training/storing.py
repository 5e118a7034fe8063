"""Labelled films become a store of network inputs: each is decoded once, on several threads."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cxr_desktop.domain.errors import UnreadableImage
from cxr_desktop.domain.labelled_films import LabelledFilm, patient_in_name
from cxr_desktop.domain.model_card import InputSpec
from cxr_desktop.domain.prediction import Lungs
from cxr_desktop.domain.radiograph import Radiograph
from cxr_desktop.domain.worklist import FilmSource
from cxr_desktop.imaging.fingerprint import pixel_fingerprint
from cxr_desktop.imaging.model_input import model_input
from cxr_desktop.inference.image_checks import are_two_lungs
from cxr_desktop.inference.lungs import LungFinder
from cxr_desktop.language import tr
from cxr_desktop.training.digests import file_sha256
from cxr_desktop.training.disk import check_room, mapped
from cxr_desktop.training.store import (
    Around,
    FilmStore,
    LeftOut,
    ReadFilm,
    StoredFilm,
    Surroundings,
    bytes_per_film,
    levels_of,
)


@dataclass(frozen=True, eq=False)
class _Decoded:
    """What a store keeps of one film.

    Attributes:
        levels: (height, width) uint16, the network's input.
    """

    digest: str
    dicom_patient: str
    fingerprint: str
    levels: NDArray[np.uint16]
    around: Around | None


def store_films(
    films: Sequence[LabelledFilm],
    below: Path,
    spec: InputSpec,
    file: Path,
    read: ReadFilm,
    on_progress: Callable[[int, int], None] = lambda done, of: None,
    lung_finder: LungFinder | None = None,
    room: Iterable[tuple[Path, int]] = (),
    jobs: int = 1,
) -> FilmStore:
    """Reads every film and keeps its network input.

    Each thread takes a film from its file to the network's input; what is kept, and its order, do not depend
    on their number.

    Args:
        below: the labelled folder, against which names are given.
        file: where to keep the inputs; it is overwritten.
        read: decodes a file, or raises UnreadableImage.
        lung_finder: looks at each film, for a network that is to see or to be kept to the lungs. A film on
            which it does not find two is left out, as it would not be judged, either.
        room: folders, and the bytes that will be needed there besides.
        jobs: threads. A lung finder's own engine should have one, then.

    Raises:
        TrainingError: the disk has no room for it.
    """
    if spec.crop == "lungs" and lung_finder is None:
        raise ValueError("a network that looks at the lungs needs a lung finder")
    shape = (max(len(films), 1), spec.height, spec.width)
    needed = shape[0] * bytes_per_film(spec, lung_finder.card.input if lung_finder else None)
    check_room([(file.parent, needed), *room])
    levels = mapped(file, np.uint16, shape)
    surroundings = None
    if lung_finder is not None:
        surroundings = Surroundings.room(file, shape[0], spec, lung_finder.card.input)
    stored: list[StoredFilm] = []
    left_out: list[LeftOut] = []
    decode = partial(_decoded, below=below, spec=spec, read=read, lung_finder=lung_finder)
    for done, (film, decoded) in enumerate(
        zip(films, _in_threads(decode, films, jobs), strict=True), start=1
    ):
        if isinstance(decoded, LeftOut):
            left_out.append(decoded)
        else:
            row = len(stored)
            known_patient = film.patient or decoded.dicom_patient
            levels[row] = decoded.levels
            if surroundings is not None and decoded.around is not None:
                surroundings.fill(row, decoded.around)
            stored.append(
                StoredFilm(
                    film.path.name,
                    film.label,
                    film.side,
                    known_patient or patient_in_name(film.path.stem),
                    decoded.digest,
                    row,
                    film.path,
                    film.certainty,
                    film.weight,
                    film.group,
                    known_patient,
                    decoded.fingerprint,
                )
            )
        on_progress(done, len(films))
    return FilmStore(levels, tuple(stored), tuple(left_out), surroundings)


def _in_threads(
    decode: Callable[[LabelledFilm], _Decoded | LeftOut], films: Sequence[LabelledFilm], jobs: int
) -> Iterator[_Decoded | LeftOut]:
    """What `decode` makes of each film, in order; no more than a few are decoded ahead."""
    remaining = iter(films)
    with ThreadPoolExecutor(jobs, thread_name_prefix="store") as pool:
        running = deque(pool.submit(decode, film) for film in islice(remaining, 2 * jobs))
        try:
            while running:
                yield running.popleft().result()
                running.extend(pool.submit(decode, film) for film in islice(remaining, 1))
        finally:
            for future in running:
                future.cancel()


def _decoded(
    film: LabelledFilm, below: Path, spec: InputSpec, read: ReadFilm, lung_finder: LungFinder | None
) -> _Decoded | LeftOut:
    try:
        digest = file_sha256(film.path)
        radiograph = read(FilmSource(film.path))
        lungs = None if lung_finder is None else _two_lungs(radiograph, lung_finder)
    except UnreadableImage as error:
        return LeftOut(_place(film.path, below), str(error))
    except OSError as error:
        reason = tr(
            "The file cannot be opened ({reason}). Check that it is there and may be read.",
            reason=error.strerror,
        )
        return LeftOut(_place(film.path, below), reason)
    grey_spec = replace(spec, channels=1, low=0.0, high=1.0)
    view = model_input(radiograph, grey_spec, lungs.box if lungs else None)
    around = None if lungs is None else Around.of(radiograph, spec, view.box, lungs)
    return _Decoded(
        digest,
        radiograph.header.patient_id,
        pixel_fingerprint(radiograph),
        levels_of(view.image[..., 0]),  # (H, W, 1) -> (H, W)
        around,
    )


def _two_lungs(radiograph: Radiograph, lung_finder: LungFinder) -> Lungs:
    (lungs,) = lung_finder.find([lung_finder.view(radiograph)], [radiograph.shape])
    if not are_two_lungs(lungs, radiograph.shape):
        raise UnreadableImage(
            tr("Two lungs are not to be seen on this film, so it would not be judged, either.")
        )
    return lungs


def _place(path: Path, below: Path) -> str:
    return path.relative_to(below).as_posix() if path.is_relative_to(below) else path.name
