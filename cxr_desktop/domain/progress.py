"""How far a job is, how fast it goes and when it will be done."""

from __future__ import annotations

from dataclasses import dataclass

from cxr_desktop.language import grouped, tr


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
        if self.total is None:
            parts = [f"{verb} {grouped(self.done)}"]
        else:
            parts = [tr("{verb} {done:,} of {total:,}", verb=verb, done=self.done, total=self.total)]
        if self.done and self.seconds >= 1:
            rate = f"{self.rate:.0f}" if self.rate >= 1.5 else f"{self.rate:.1f}"
            parts.append(tr("{rate} films/s", rate=rate))
            if self.seconds_left is not None:
                parts.append(tr("{duration} left", duration=duration(self.seconds_left)))
        return " · ".join(parts)


def duration(seconds: float) -> str:
    """A time span in words: "28 s", "3 min", "2 h 10 min"."""
    if seconds < 60:
        return tr("{seconds} s", seconds=max(1, round(seconds)))
    hours, minutes = divmod(round(seconds / 60), 60)
    if not hours:
        return tr("{minutes} min", minutes=minutes)
    return (
        tr("{hours} h {minutes} min", hours=hours, minutes=minutes)
        if minutes
        else tr("{hours} h", hours=hours)
    )
