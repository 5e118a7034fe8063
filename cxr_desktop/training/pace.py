"""How long a training, or a benchmark of several, will still take."""

from __future__ import annotations

from cxr_desktop.domain.progress import duration


class Pace:
    """The time left for the model in training and for all of them.

    It is an upper bound: training that stops improving ends sooner, by how much cannot be known.
    """

    def __init__(self) -> None:
        self._models = 0
        self._model = 0
        self._minutes: float | None = None
        self._began = self._epochs_began = 0.0
        self._epochs = self._steps = 0
        self._done = self._done_before = self._seconds_before = 0.0
        self._spent: list[float] = []

    def begin_model(self, number: int, of: int, minutes: float | None, now: float) -> None:
        """Model `number` (from 1) of `of` begins at `now` (seconds), limited to `minutes`."""
        self._model, self._models, self._minutes = number, of, minutes
        self._began = self._epochs_began = now
        self._epochs = self._steps = 0
        self._done = self._done_before = self._seconds_before = 0.0

    def begin_epochs(self, epochs: int, steps: int, now: float) -> None:
        """Its training begins: at most so many epochs of so many steps."""
        self._epochs, self._steps, self._epochs_began = epochs, steps, now

    def resume(self, epochs: int, seconds: float) -> None:
        """So many epochs were done, in so many seconds, before the training was interrupted."""
        self._done = self._done_before = epochs
        self._seconds_before = seconds

    def step(self, epoch: int, step: int) -> None:
        """So many steps of an epoch (from 1) are done."""
        self._done = epoch - 1 + step / max(self._steps, 1)

    def end_model(self, now: float) -> None:
        """The model in training is done."""
        self._spent.append(now - self._began)

    def model_left(self, now: float) -> float | None:
        """Seconds, at most, for the model in training; None while that cannot be known."""
        passed = now - self._epochs_began
        by_limit = None
        if self._minutes is not None:
            by_limit = max(self._minutes * 60 - passed - self._seconds_before, 0)
        done = self._done - self._done_before
        if done < 0.5 or passed <= 0:  # the first steps are slow and tell nothing
            return by_limit
        by_epochs = passed / done * (self._epochs - self._done)
        return by_epochs if by_limit is None else min(by_epochs, by_limit)

    def whole_left(self, now: float) -> float | None:
        """Seconds for this model and those after it; None while that cannot be known.

        Models to come are taken to need what those before them needed on average, or their limit.
        """
        left = self.model_left(now)
        to_come = self._models - self._model
        each = sum(self._spent) / len(self._spent) if self._spent else None
        if self._minutes is not None:
            each = self._minutes * 60 if each is None else min(each, self._minutes * 60)
        if left is None or (to_come and each is None):
            return None
        return left + to_come * (each or 0.0)

    def model_words(self, now: float) -> str:
        """ "at most 4 min left", or "" while that cannot be known."""
        left = self.model_left(now)
        return "" if left is None else f"at most {duration(left)} left"

    def whole_words(self, now: float) -> str:
        """ "about 2 h 10 min left", or "" while that cannot be known."""
        left = self.whole_left(now)
        return "" if left is None else f"about {duration(left)} left"
