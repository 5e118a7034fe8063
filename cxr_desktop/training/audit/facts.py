"""Films are decoded, and a few numbers of each are kept."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from cxr_desktop.domain.audit.facts import FilmFacts, Unreadable
from cxr_desktop.domain.errors import UnreadableImage
from cxr_desktop.domain.labelled_films import LabelledFilm
from cxr_desktop.domain.worklist import FilmSource
from cxr_desktop.imaging.content import read_content
from cxr_desktop.imaging.fingerprint import pixel_fingerprint
from cxr_desktop.imaging.read import read_radiograph
from cxr_desktop.imaging.sniff import SNIFF_BYTES, sniff
from cxr_desktop.language import tr
from cxr_desktop.training.audit.margins import border_numbers, corner_numbers
from cxr_desktop.training.likeness import perceptual_hash, small_view


def facts_of(films: Sequence[LabelledFilm]) -> list[FilmFacts | Unreadable]:
    """Decodes films, one after the other, and sums each up."""
    return [_facts_of(film) for film in films]


def _facts_of(film: LabelledFilm) -> FilmFacts | Unreadable:
    source = FilmSource(film.path)
    try:
        radiograph = read_radiograph(source)
        kind = sniff(read_content(source, SNIFF_BYTES))
        size = film.path.stat().st_size
    except UnreadableImage as error:
        return Unreadable(film, str(error))
    except OSError as error:  # gone since it was read
        return Unreadable(film, tr("The file cannot be opened ({reason}).", reason=error.strerror))
    view = small_view(radiograph)
    dark, bright = np.percentile(view, (1, 99))
    header = radiograph.header.completed(film.view, film.age_years, film.sex)
    return FilmFacts(
        film=film,
        kind=kind.name,
        bytes=size,
        shape=radiograph.shape,
        value_range=radiograph.value_range,
        grey_range=(float(dark), float(bright)),
        fingerprint=pixel_fingerprint(radiograph),
        look=perceptual_hash(view),
        border=border_numbers(view),
        corners=corner_numbers(view),
        dicom_patient=header.patient_id,
        view=header.view_position.upper(),
        age_years=header.age_years,
        sex=header.sex,
    )
