"""The films decoded last, so that what was just read is not read again to be scored or shown."""

from __future__ import annotations

import threading
from collections import OrderedDict

import numpy as np

from cxr_desktop.domain.radiograph import Radiograph
from cxr_desktop.domain.worklist import FilmSource


class RadiographCache:
    """Decoded films, the least recently used leaving first. Thread-safe.

    A film is known by its place and its fingerprint together: another film may have been written to that
    place since, and the same pixels may lie in another place under another patient's name.
    """

    def __init__(self, limit_bytes: int = 128 * 2**20) -> None:
        """
        Args:
            limit_bytes: of all films together; one film alone may be larger.
        """
        self._limit = limit_bytes
        self._bytes = 0
        self._films: OrderedDict[tuple[FilmSource, str], Radiograph] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, place: FilmSource, fingerprint: str) -> Radiograph | None:
        """The film with these pixels that was read there; None if it is not at hand."""
        with self._lock:
            film = self._films.get((place, fingerprint))
            if film is not None:
                self._films.move_to_end((place, fingerprint))
            return film

    def put(self, place: FilmSource, fingerprint: str, radiograph: Radiograph) -> None:
        """Keeps a film that was just read."""
        with self._lock:
            old = self._films.pop((place, fingerprint), None)
            self._films[place, fingerprint] = radiograph
            self._bytes += footprint(radiograph) - (footprint(old) if old is not None else 0)
            while self._bytes > self._limit and len(self._films) > 1:
                self._bytes -= footprint(self._films.popitem(last=False)[1])


def footprint(radiograph: Radiograph) -> int:
    """Bytes that a film takes once its `pixels` (float32) were asked for."""
    masks = sum(mask.nbytes for mask in (radiograph.visible, radiograph.overlay) if mask is not None)
    return radiograph.values.nbytes + radiograph.values.size * np.dtype(np.float32).itemsize + masks
