"""How sure a share of few films is."""

from __future__ import annotations

import math

from cxr_desktop.domain.calibration import Interval

Z95 = 1.959964  # of a two-sided 95 % interval


def wilson(hits: int, of: int) -> Interval:
    """Wilson's 95 % score interval of hits / of, which stays sensible near 0 and 1 and in small sets."""
    if not 0 <= hits <= of or of < 1:
        raise ValueError(f"hits must lie in [0, of] and of be at least 1, got {hits} of {of}")
    share, z2 = hits / of, Z95 * Z95
    centre = (share + z2 / (2 * of)) / (1 + z2 / of)
    half = Z95 * math.sqrt(share * (1 - share) / of + z2 / (4 * of * of)) / (1 + z2 / of)
    # At the ends rounding would leave a trace: 0 of 10 has 0 in its interval.
    return Interval(0.0 if hits == 0 else centre - half, 1.0 if hits == of else centre + half)
