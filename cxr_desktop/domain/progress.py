"""How far a job is, how fast it goes and when it will be done."""

from __future__ import annotations

from dataclasses import dataclass

from cxr_desktop.language import tr


@dataclass(frozen=True)
class Progress:
    """A job over films.

    Attributes:
        done: films dealt with.
        total: films known so far; None while they are still being counted.
        seconds: since the job began.
    """

    done: int
    total: int | None
    seconds: float

    @property
    def rate(self) -> float:
        """Films per second so far; 0 before the first."""
        return self.done / self.seconds if self.seconds > 0 else 0.0

    @property
    def seconds_left(self) -> float | None:
        """At the same rate; None while that cannot be known."""
        if self.total is None or self.rate == 0:
            return None
        return max(self.total - self.done, 0) / self.rate

    def sentence(self, verb: str) -> str:
        """For the status bar: "scoring 312 of 1,000 · 24 films/s · 28 s left"."""
        of = f"{self.done:,}" if self.total is None else f"{self.done:,} of {self.total:,}"
        parts = [f"{verb} {of}"]
        if self.done and self.seconds >= 1:
            parts.append(f"{self.rate:.0f} films/s" if self.rate >= 1.5 else f"{self.rate:.1f} films/s")
            if self.seconds_left is not None:
                parts.append(f"{duration(self.seconds_left)} left")
        return " · ".join(parts)


def duration(seconds: float) -> str:
    """A time span in words: "28 s", "3 min", "2 h 10 min"."""
    if seconds < 60:
        return f"{max(1, round(seconds))} s"
    minutes = round(seconds / 60)
    if minutes < 60:
        return f"{minutes} min"
    return (
        tr("{minutes} h {minutes2} min", minutes=minutes // 60, minutes2=minutes % 60)
        if minutes % 60
        else f"{minutes // 60} h"
    )
