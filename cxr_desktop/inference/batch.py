"""Many files read and judged in batches on several threads."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import islice
from typing import TypeVar

from cxr_desktop.domain.errors import UnreadableImage
from cxr_desktop.domain.prediction import Judgement
from cxr_desktop.domain.radiograph import Radiograph
from cxr_desktop.domain.standpoint import Standpoint
from cxr_desktop.domain.worklist import FilmSource
from cxr_desktop.imaging.read import read_radiograph
from cxr_desktop.inference.scorer import Scorer

BATCH = 16

Item = TypeVar("Item")
Done = TypeVar("Done")

# Decoded films held at a time, in pixels (5 bytes each or so): large films make smaller batches.
PIXELS_HELD = 60_000_000


@dataclass(frozen=True, eq=False)
class Scored:
    """What became of one file: a judgement of a film, or the reason why there is none."""

    source: FilmSource
    radiograph: Radiograph | None = None
    judgement: Judgement | None = None
    problem: str = ""

    def seen_from(self, standpoint: Standpoint) -> Scored:
        """The same with the operating point and the share of pneumonia in force."""
        if self.judgement is None:
            return self
        prediction = standpoint.seen(self.judgement.prediction)
        return replace(self, judgement=replace(self.judgement, prediction=prediction))


def score_files(
    sources: Iterable[FilmSource],
    scorer: Scorer,
    jobs: int,
    read: Callable[[FilmSource], Radiograph] = read_radiograph,
) -> Iterator[Scored]:
    """Reads and judges files, in their order, as `in_batches` does it.

    Args:
        jobs: threads.
    """
    return in_batches(
        sources,
        lambda batch: _read_and_judge(batch, scorer, read),
        jobs,
        lambda scored: scored.radiograph.values.size if scored.radiograph is not None else 0,
    )


def in_batches(
    items: Iterable[Item],
    work: Callable[[Sequence[Item]], list[Done]],
    jobs: int,
    pixels: Callable[[Done], int] = lambda _: 0,
) -> Generator[Done, None, None]:
    """Works through films in batches on several threads; what becomes of them comes in their order.

    Each thread takes a batch from its files to its results, so that one decodes while another's network runs.
    On the processor a network should therefore have one thread. Memory stays bounded whatever the films'
    size: about PIXELS_HELD pixels are held at a time.

    Args:
        work: deals with a batch, with a result for each item.
        jobs: threads.
        pixels: of the film that was decoded for a result, or 0. Where `work` holds one film at a time, it
            need not be told.
    """
    remaining = iter(items)
    typical = 8_000_000  # pixels of a large film; corrected by what is read
    with ThreadPoolExecutor(max_workers=jobs, thread_name_prefix="batch") as pool:
        running: deque[Future[list[Done]]] = deque()
        try:
            while True:
                while len(running) <= jobs:
                    count = max(1, min(BATCH, PIXELS_HELD // (jobs + 1) // typical))
                    batch = list(islice(remaining, count))
                    if not batch:
                        break
                    running.append(pool.submit(work, batch))
                if not running:
                    return
                results = running.popleft().result()
                typical = max([*(pixels(each) for each in results), typical // 2, 1])
                yield from results
        finally:
            for future in running:
                future.cancel()


def _read_and_judge(
    batch: Sequence[FilmSource], scorer: Scorer, read: Callable[[FilmSource], Radiograph]
) -> list[Scored]:
    results: list[Radiograph | str] = []
    for source in batch:
        try:
            results.append(read(source))
        except UnreadableImage as reason:
            results.append(str(reason))
    judgements = iter(scorer.score([each for each in results if isinstance(each, Radiograph)]))
    return [
        Scored(source, problem=result)
        if isinstance(result, str)
        else Scored(source, result, next(judgements))
        for source, result in zip(batch, results, strict=True)
    ]
