"""What a training run is asked to do. Plain data, so that it can wait in the run's folder for the trainer."""

from __future__ import annotations

import getpass
from pathlib import Path

import msgspec

from cxr_desktop.domain.tuning import Tuning, tuning_field
from cxr_desktop.language import tr
from cxr_desktop.training.disk import replace_whole
from cxr_desktop.training.run_folder import REQUEST_FILE

# Of weights, order, augmentation and held-out films, unless another is asked for.
SEED = 1337

# What may change when an interrupted run goes on, and what the rest is called in a message.
_FREE = frozenset(
    {
        "output", "minutes", "resume", "lung_finder", "drawn_lungs", "open_test", "locked_test", "made_by",
        "cores",
    }
)  # fmt: skip
_WORDS = {
    "films": tr("the labelled folder"),
    "architecture": tr("the architecture"),
    "seed": tr("the seed"),
    "suspicious": tr("the suspicious classes"),
    "weights": tr("the weights file"),
    "from_scratch": tr("starting from scratch or not"),
    "adults": tr("the table of adult films"),
    "sides_settled": tr("whether the given sides are kept"),
    "continue_from": tr("the model that it continues from"),
}


class TrainingRequest(msgspec.Struct, frozen=True):
    """One run.

    Attributes:
        films: labelled folder (a subfolder a class, or train/val/test above the classes), or a list of films.
        architecture: the id of an architecture.
        output: where the bundle goes.
        seed: of weights, order, augmentation and the choice of held-out films.
        minutes: no epoch begins after so many; None for no limit.
        suspicious: the classes that speak for suspicion; empty: all but the one called "normal".
        weights: the file that an architecture with pretrained weights starts from.
        from_scratch: whether such an architecture may start from chance instead.
        resume: whether to go on with the interrupted run in the run's folder.
        lung_finder: its bundle's folder, for architectures that are kept to the lungs.
        drawn_lungs: a folder of lung masks drawn by people, PNG files named like the films, to measure with;
            None: the lung finder's count.
        open_test: whether to measure on the folder's test films; a candidate of several leaves them closed.
        adults: a table of NIH films of adults, to be learned from beside the labelled folder.
        locked_test: the file of the locked test set, which is never learned from or chosen by; None: there
            is none.
        made_by: who trains, for the card; "" leaves it unsaid.
        tuning: what is changed of the architecture's recipe.
        continue_from: the folder of the bundle whose weights training goes on from; its architecture is asked
            for, too.
        sides_settled: whether films are held out exactly as the list says, however few that are; else too few
            given ones are left out, and others held out.
        cores: of the processor, to learn on at most so many, at a low priority; None: all of them, at the
            usual one.
    """

    films: Path
    architecture: str
    output: Path
    seed: int = SEED
    minutes: float | None = None
    suspicious: tuple[str, ...] = ()
    weights: Path | None = None
    from_scratch: bool = False
    resume: bool = False
    lung_finder: Path | None = None
    drawn_lungs: Path | None = None
    adults: Path | None = None
    open_test: bool = True
    locked_test: Path | None = None
    made_by: str = ""
    tuning: Tuning = Tuning()
    continue_from: Path | None = None
    sides_settled: bool = False
    cores: int | None = None

    def __post_init__(self) -> None:
        if self.minutes is not None and not self.minutes > 0:
            raise ValueError(f"minutes must be above 0, got {self.minutes}")
        if self.cores is not None and self.cores < 1:
            raise ValueError(f"cores must be at least 1, got {self.cores}")

    @property
    def engine_threads(self) -> int:
        """For the engine that tries the finished network."""
        return self.cores or 2

    def differences(self, other: TrainingRequest) -> tuple[str, ...]:
        """What makes two requests different runs, in words. Output and minutes may change on the way."""
        tuned = tuple(
            f"“{tuning_field(name).metadata['title']}”"
            for name in (self.tuning.changed | other.tuning.changed)
            if getattr(self.tuning, name) != getattr(other.tuning, name)
        )
        others = tuple(
            _WORDS[field]
            for field in self.__struct_fields__
            if field not in {*_FREE, "tuning"} and getattr(self, field) != getattr(other, field)
        )
        return (*others, *tuned)

    def save(self, folder: Path) -> None:
        """Puts it into a run's folder. Of one that is there and this one, a power cut leaves one whole."""
        content = msgspec.json.encode(self, enc_hook=str)
        replace_whole(folder / REQUEST_FILE, lambda file: file.write(content))

    @classmethod
    def load(cls, folder: Path) -> TrainingRequest:
        """The request that waits in a run's folder."""
        return msgspec.json.decode(
            (folder / REQUEST_FILE).read_bytes(), type=cls, dec_hook=lambda kind, value: kind(value)
        )


def user_name() -> str:
    """Who trains, as the system has it; "" where it has none."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # Python 3.13 raises the one, older ones the other
        return ""
