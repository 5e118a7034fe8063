"""Figures as a model's page gives them: as they are, with their intervals."""

from __future__ import annotations

from cxr_desktop.domain.calibration import Interval
from cxr_desktop.domain.model_card import Estimate


def sentence(text: str) -> str:
    """A text with a full stop at its end."""
    text = text.strip()
    return text if not text or text.endswith(".") else f"{text}."


def percent(share: float) -> str:
    """A share as it is, unlike a probability shown to a reader: 0 % and 100 % are possible."""
    text = f"{100 * share:.1f}"
    return f"{text.removesuffix('.0')}\u00a0%"


def estimate_text(estimate: Estimate) -> str:
    """A share with its 95 % interval: "95.1 % (92.5–96.8)"."""
    return with_interval(estimate.value, Interval(estimate.low, estimate.high))


def bare_estimate_text(estimate: Estimate) -> str:
    """A figure that is no share with its 95 % interval: "0.959 (0.943–0.971)"."""
    return f"{estimate.value:.3f} ({estimate.low:.3f}–{estimate.high:.3f})"


def with_interval(share: float, interval: Interval | None) -> str:
    """A share in percent, with its 95 % interval in brackets where there is one."""
    if interval is None:
        return percent(share)
    return f"{100 * share:.1f}\u00a0% ({100 * interval.low:.1f}–{100 * interval.high:.1f})"
