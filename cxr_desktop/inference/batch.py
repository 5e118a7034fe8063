"""Many files through one scorer: reading ahead on several threads, scoring in batches."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice

from cxr_desktop.domain.errors import UnreadableImage
from cxr_desktop.domain.prediction import Judgement
from cxr_desktop.domain.radiograph import Radiograph
from cxr_desktop.domain.worklist import FilmSource
from cxr_desktop.imaging.read import read_radiograph
from cxr_desktop.inference.scorer import Scorer

BATCH = 16

# Decoded films held at a time, in pixels (5 bytes each or so): large films are read ahead in smaller numbers.
PIXELS_AHEAD = 60_000_000


@dataclass(frozen=True, eq=False)
class Scored:
    """What became of one file: a judgement of a film, or the reason why there is none."""

    source: FilmSource
    radiograph: Radiograph | None = None
    judgement: Judgement | None = None
    problem: str = ""


def score_files(
    sources: Iterable[FilmSource],
    scorer: Scorer,
    jobs: int,
    read: Callable[[FilmSource], Radiograph] = read_radiograph,
) -> Iterator[Scored]:
    """Reads and judges files, in their order.

    Memory stays bounded whatever the films' size: about PIXELS_AHEAD pixels are decoded ahead.

    Args:
        jobs: reading threads.
    """

    def read_or_reason(source: FilmSource) -> Radiograph | str:
        try:
            radiograph = read(source)
        except UnreadableImage as reason:
            return str(reason)
        _ = radiograph.pixels  # the costly part of the model's input, made on the reading thread
        return radiograph

    remaining = iter(sources)
    typical = 3_000_000  # pixels of a film; corrected by what is read
    with ThreadPoolExecutor(max_workers=jobs, thread_name_prefix="read") as pool:
        ahead: deque[tuple[FilmSource, Future[Radiograph | str]]] = deque()

        def fill() -> None:
            room = max(2 * jobs, min((jobs + 2) * BATCH, PIXELS_AHEAD // typical)) - len(ahead)
            for source in islice(remaining, max(room, 0)):
                ahead.append((source, pool.submit(read_or_reason, source)))

        try:
            fill()
            while ahead:
                count = max(1, min(BATCH, len(ahead), PIXELS_AHEAD // 2 // typical))
                results = [
                    (source, future.result()) for source, future in (ahead.popleft() for _ in range(count))
                ]
                sizes = [film.values.size for _, film in results if isinstance(film, Radiograph)]
                typical = max([*sizes, typical // 2, 1])
                fill()
                yield from _judge(results, scorer)
        finally:
            for _, future in ahead:
                future.cancel()


def _judge(results: list[tuple[FilmSource, Radiograph | str]], scorer: Scorer) -> Iterator[Scored]:
    films = [result for _, result in results if isinstance(result, Radiograph)]
    judgements = iter(scorer.score(films))
    for source, result in results:
        if isinstance(result, Radiograph):
            yield Scored(source, result, next(judgements))
        else:
            yield Scored(source, problem=result)
