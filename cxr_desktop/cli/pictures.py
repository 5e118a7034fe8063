"""`--heatmaps`: a picture for each film, written beside the scoring."""

from __future__ import annotations

import re
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import typer

from cxr_desktop.cli.common import console
from cxr_desktop.cli.exit_codes import WRONG_USAGE
from cxr_desktop.domain.meaning import share_remark
from cxr_desktop.domain.prediction import Prediction
from cxr_desktop.domain.triage import Band
from cxr_desktop.domain.wording import counted, headline, percent_text, probability_text
from cxr_desktop.imaging.overlay_file import write_overlay_png
from cxr_desktop.inference.batch import PIXELS_HELD, Scored

# No system that matters allows more than 255 bytes; a number and ".png" come on top.
_LONGEST_NAME = 200
_NOT_IN_NAMES = re.compile(r'[<>:"/\\|?*]')


class Pictures:
    """Writes overlay pictures into a folder on a thread; each film's has a name of its own.

    A picture that cannot be written costs neither the others nor the queue.

    Attributes:
        problem: why pictures are missing, and how many; "" where none is.
    """

    def __init__(self, folder: Path, word: str) -> None:
        """
        Args:
            word: the `suspicion_word` of the model's card.
        """
        self.problem = ""
        self._folder = folder
        self._word = word
        self._missing = 0
        self._names: dict[str, int] = {}
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="pictures")
        self._pending: deque[tuple[Future[None], int]] = deque()

    def __enter__(self) -> Pictures:
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            console.print(
                f"The folder {self._folder} cannot be made: {error.strerror}.", style="red", markup=False
            )
            raise typer.Exit(WRONG_USAGE) from error
        return self

    def draw(self, scored: Scored) -> None:
        """Has a film's picture written; a file without a judgement has none."""
        if scored.radiograph is None or scored.judgement is None:
            return
        file = self._folder / f"{self._name(scored.source.name)}.png"
        lines = picture_lines(scored, self._word)
        future = self._pool.submit(
            write_overlay_png, file, scored.radiograph, scored.judgement.heatmap, lines
        )
        self._pending.append((future, scored.radiograph.values.size))
        # Bounds the films held in memory: their pictures are drawn more slowly than they are scored.
        while len(self._pending) > 1 and sum(pixels for _, pixels in self._pending) > PIXELS_HELD:
            self._wait()

    def __exit__(self, *_: object) -> None:
        while self._pending:
            self._wait()
        self._pool.shutdown()

    def _wait(self) -> None:
        future, _ = self._pending.popleft()
        try:
            future.result()
        except OSError as error:
            self._missing += 1
            pictures = counted(self._missing, "heatmap", "heatmaps")
            self.problem = f"{pictures} could not be written: {error.strerror or 'input/output error'}."

    def _name(self, name: str) -> str:
        """A name that every file system takes and that no other film's picture has."""
        allowed = _NOT_IN_NAMES.sub("_", "".join(c if c.isprintable() else "_" for c in name))
        # The end tells films apart more often than the beginning, which may be the archive's.
        stem = allowed.encode()[-_LONGEST_NAME:].decode(errors="ignore")
        while True:
            count = self._names[stem.casefold()] = self._names.get(stem.casefold(), 0) + 1
            if count == 1:
                return stem
            stem = f"{stem}_{count}"


def picture_lines(scored: Scored, word: str) -> list[str]:
    """What a picture says beneath the film: nothing about the patient."""
    return [] if scored.judgement is None else prediction_lines(scored.judgement.prediction, word)


def prediction_lines(prediction: Prediction, word: str) -> list[str]:
    """What is said of a prediction beneath its film, the last line being what it is not.

    Args:
        word: the `suspicion_word` of the model's card.
    """
    if prediction.shown_probability is None:
        verdict = "Not judged"
    else:
        band = headline(Band.SUSPECTED if prediction.suspected else Band.NOT_SUSPECTED, word)
        point = prediction.shown_operating_point
        percent = probability_text(prediction.shown_probability, point)
        remark = f", {share_remark(prediction.shift)}" if prediction.shift else ""
        verdict = f"{band}: {percent} (operating point {percent_text(point)}{remark})"
    lines = [f"{verdict}   {prediction.model_id} {prediction.model_version}", *prediction.remarks]
    if prediction.evidence_in_lungs is not None:
        lines.append(lungs_line(prediction.evidence_in_lungs))
    return [*lines, "Decision support for research use. Not a diagnosis."]


def lungs_line(share: float) -> str:
    """How much of a map's evidence for suspicion lies in the lungs, a share in [0, 1]."""
    return f"{percent_text(share)} of the evidence lies in the lungs"
