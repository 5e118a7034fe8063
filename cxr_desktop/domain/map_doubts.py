"""What speaks against believing a map of the evidence, in sentences."""

from __future__ import annotations

from cxr_desktop.domain.prediction import Heatmap
from cxr_desktop.domain.wording import percent_text
from cxr_desktop.language import tr

# With more of the evidence outside the lungs than this, the reader is told to look there.
MUCH_OUTSIDE = 0.15
# A map that is at least half as strong as its strongest over more of the film than this points nowhere.
MUCH_OF_FILM = 1 / 3


def outside_lungs(in_lungs: float | None) -> tuple[str, ...]:
    """
    Args:
        in_lungs: the share of a map's positive evidence that lies on lung, in [0, 1]; None without evidence.
    """
    if in_lungs is None or 1 - in_lungs <= MUCH_OUTSIDE:
        return ()
    share = percent_text(1 - in_lungs)
    return (
        tr("{share} of the evidence lies outside the lungs: look for markers, tubes, borders.", share=share),
    )


def widespread(heatmap: Heatmap, film_shape: tuple[int, int]) -> tuple[str, ...]:
    """
    Args:
        film_shape: (height, width).
    """
    if not heatmap.has_evidence:
        return ()
    strong = float((heatmap.evidence >= 0.5 * heatmap.evidence.max()).mean())
    share = strong * heatmap.box.height * heatmap.box.width / (film_shape[0] * film_shape[1])
    if share <= MUCH_OF_FILM:
        return ()
    return (
        tr(
            "{share} of the film speak about equally for suspicion: the map points nowhere.",
            share=percent_text(share),
        ),
    )


def doubts_of_map(heatmap: Heatmap, in_lungs: float | None, film_shape: tuple[int, int]) -> tuple[str, ...]:
    """Those about a map by itself; empty where there are none.

    Args:
        in_lungs: as for `outside_lungs`.
        film_shape: (height, width).
    """
    return (*outside_lungs(in_lungs), *widespread(heatmap, film_shape))
