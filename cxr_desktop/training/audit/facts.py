"""Films are decoded, and a few numbers of each are kept."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from cxr_desktop.domain.audit.facts import FilmFacts, Unreadable
from cxr_desktop.domain.errors import UnreadableImage
from cxr_desktop.domain.labelled_films import LabelledFilm
from cxr_desktop.domain.model_card import InputSpec
from cxr_desktop.domain.worklist import FilmSource
from cxr_desktop.imaging.content import read_content
from cxr_desktop.imaging.fingerprint import pixel_fingerprint
from cxr_desktop.imaging.model_input import model_input
from cxr_desktop.imaging.read import read_radiograph
from cxr_desktop.imaging.sniff import SNIFF_BYTES, sniff
from cxr_desktop.training.audit.margins import border_numbers, corner_numbers

# A film is squeezed to a square of so many pixels a side before its look is summed up, as for a network.
_VIEW = InputSpec(128, 128)
# Rows and columns of frequencies in the perceptual hash. With 8, the usual number, hundreds of pairs of
# different chest films are as alike as a film and its copy; see `copies.NEAR_BITS`.
_HASH_SIDE = 16


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
        return Unreadable(film, f"The file cannot be opened ({error.strerror}).")
    view = model_input(radiograph, _VIEW).image[..., 0]  # (H, W, 1) -> (H, W)
    dark, bright = np.percentile(view, (1, 99))
    header = radiograph.header
    return FilmFacts(
        film=film,
        kind=kind.name,
        bytes=size,
        shape=radiograph.shape,
        value_range=radiograph.value_range,
        grey_range=(float(dark), float(bright)),
        fingerprint=pixel_fingerprint(radiograph),
        look=_perceptual_hash(view),
        border=border_numbers(view),
        corners=corner_numbers(view),
        dicom_patient=header.patient_id,
        view=header.view_position.strip().upper(),
        age_years=header.age_years,
        sex=header.sex,
    )


def _perceptual_hash(view: NDArray[np.float32]) -> NDArray[np.bool_]:
    import imagehash  # noqa: PLC0415 - imports SciPy
    from PIL import Image  # noqa: PLC0415

    picture = Image.fromarray(np.rint(view * 255).astype(np.uint8))
    bits: NDArray[np.bool_] = imagehash.phash(picture, hash_size=_HASH_SIDE).hash.ravel()
    return bits
