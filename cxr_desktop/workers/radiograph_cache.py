"""The films decoded last, so that what was just read is not read again to be scored or shown."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable

import numpy as np

from cxr_desktop.domain.radiograph import Radiograph
from cxr_desktop.domain.worklist import FilmSource


class RadiographCache:
    """Decoded films by their source, the least recently used leaving first. Thread-safe."""

    def __init__(self, read: Callable[[FilmSource], Radiograph], limit_bytes: int = 128 * 2**20) -> None:
        """
        Args:
            read: decodes a film.
            limit_bytes: of all films together; one film alone may be larger.
        """
        self._read = read
        self._limit = limit_bytes
        self._bytes = 0
        self._films: OrderedDict[FilmSource, Radiograph] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, source: FilmSource) -> Radiograph:
        """The decoded film, read if it is not at hand.

        Raises:
            UnreadableImage: it cannot be read (any more).
        """
        with self._lock:
            if source in self._films:
                self._films.move_to_end(source)
                return self._films[source]
        radiograph = self._read(source)
        self.put(source, radiograph)
        return radiograph

    def put(self, source: FilmSource, radiograph: Radiograph) -> None:
        """Keeps a film that was decoded elsewhere."""
        with self._lock:
            self._forget(source)
            self._films[source] = radiograph
            self._bytes += footprint(radiograph)
            while self._bytes > self._limit and len(self._films) > 1:
                self._forget(next(iter(self._films)))

    def drop(self, source: FilmSource) -> None:
        """Forgets a film."""
        with self._lock:
            self._forget(source)

    def __contains__(self, source: FilmSource) -> bool:
        with self._lock:
            return source in self._films

    def _forget(self, source: FilmSource) -> None:
        old = self._films.pop(source, None)
        if old is not None:
            self._bytes -= footprint(old)


def footprint(radiograph: Radiograph) -> int:
    """Bytes that a film takes once its `pixels` (float32) were asked for."""
    masks = sum(mask.nbytes for mask in (radiograph.visible, radiograph.overlay) if mask is not None)
    return radiograph.values.nbytes + radiograph.values.size * np.dtype(np.float32).itemsize + masks
