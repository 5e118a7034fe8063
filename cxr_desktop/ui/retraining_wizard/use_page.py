"""The page Use it: switch to the new model, keep it for later, or discard it; and the way back."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QMessageBox, QPushButton, QVBoxLayout, QWidget

from cxr_desktop.domain.comparison import ModelComparison, Verdict
from cxr_desktop.domain.comparison_page import advice, headline
from cxr_desktop.domain.library_entry import ModelInLibrary
from cxr_desktop.domain.progress import Progress
from cxr_desktop.language import tr
from cxr_desktop.ui.card_parts import plain_label
from cxr_desktop.ui.theme import set_role

_NOT_COMPARED = tr("The two models were not compared, so nothing is known of whether the new one is better.")
_NO_MODEL = tr("There is no new model yet.")


class UsePage(QWidget):
    """Says what each choice does before it is made.

    Signals:
        ready_changed: whether the wizard may be finished: when there is a model, and it was decided upon.
        switch_requested: a model's name: it is to judge from now on.
        discard_requested: a model's name: it is to be removed for good; the reader was asked.
        kept: the model stays where it is, and the present one goes on judging.
    """

    title = tr("Use it")
    ready_changed = Signal(bool)
    switch_requested = Signal(str)
    discard_requested = Signal(str)
    kept = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model: ModelInLibrary | None = None
        self._before: ModelInLibrary | None = None
        self._in_use: Path | None = None  # the folder of the model that judges
        self._verdict: Verdict | None = None  # None where the two were not compared
        self.ready = False
        self.heading = plain_label("headline", self)
        self.words = plain_label("muted", self)
        self.switch, self.switch_words = QPushButton(tr("Switch to it"), self), plain_label("", self)
        self.keep, self.keep_words = QPushButton(tr("Keep for later"), self), plain_label("", self)
        self.discard, self.discard_words = QPushButton(tr("Discard…"), self), plain_label("", self)
        choices = QFrame(self)
        set_role(choices, "card")
        grid = QGridLayout(choices)
        grid.setContentsMargins(18, 16, 18, 16)
        grid.setHorizontalSpacing(20)
        grid.setVerticalSpacing(16)
        grid.setColumnStretch(1, 1)
        for row, (button, words) in enumerate(
            (
                (self.switch, self.switch_words),
                (self.keep, self.keep_words),
                (self.discard, self.discard_words),
            )
        ):
            button.setAutoDefault(False)
            grid.addWidget(button, row, 0)
            grid.addWidget(words, row, 1)
        self.outcome = plain_label("verdict", self)
        self.progress = plain_label("muted", self)
        self.back = QPushButton(self)
        self.back.setAutoDefault(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        for part in (self.heading, self.words, choices, self.outcome, self.progress):
            layout.addWidget(part)
        layout.addWidget(self.back, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addStretch(1)
        self.switch.clicked.connect(self._switch)
        self.keep.clicked.connect(self._keep)
        self.discard.clicked.connect(self._ask_and_discard)
        self.back.clicked.connect(self._go_back)
        self._show()

    def enter(self) -> None:
        """The page is gone to."""
        self._show()

    def show_model(
        self, model: ModelInLibrary | None, in_use: ModelInLibrary | None, result: ModelComparison | None
    ) -> None:
        """A new model to decide upon.

        Args:
            model: None where there is none.
            in_use: the present model, to which the way back leads.
            result: None where the two were not compared.
        """
        self._model, self._before = model, in_use
        self._in_use = in_use.folder if in_use else None
        if model is None:
            self.heading.setText(_NO_MODEL)
            self.words.setText("")
        else:
            self.heading.setText(headline(result.verdict) if result else model.title)
            decide = advice(result.verdict) if result else _NOT_COMPARED
            self.words.setText(f"{model.title}. {decide}")
        self._verdict = result.verdict if result else None
        self._decided("")
        self.progress.setText("")
        self._show()

    def show_in_use(self, folder: Path | None) -> None:
        """Which model judges now, whoever chose it.

        Args:
            folder: its bundle.
        """
        self._in_use = folder
        if self._model is not None and folder == self._model.folder:
            self._decided(tr("{model} judges from now on.", model=self._model.title))
            self.progress.setText(
                tr("Films in the worklist are judged again in the background; go on reading.")
            )
        elif self._before is not None and folder == self._before.folder and self.ready:
            self._decided(tr("{model} judges again.", model=self._before.title))
        self._show()

    def show_scoring(self, progress: Progress) -> None:
        """How far judging again is."""
        if self._model is None or self._in_use != self._model.folder:
            return
        all_done = progress.done and progress.done == progress.total
        self.progress.setText(
            tr("The films that waited are judged by it.")
            if all_done
            else progress.sentence(tr("Judging again:"))
        )

    def show_problem(self, reason: str) -> None:
        """Why what was decided could not be done; the model is as it was."""
        self._decided("")
        self.outcome.setText(reason)

    def show_discarded(self) -> None:
        """The model is gone."""
        title = self._model.title if self._model else ""
        self._model = None
        self._decided(tr("{model} is discarded.", model=title))
        self._show()

    def _switch(self) -> None:
        if self._model is not None and (self._verdict is not Verdict.WORSE or self._asked_twice()):
            self.switch_requested.emit(self._model.name)

    def _asked_twice(self) -> bool:
        question = tr(
            "The comparison found the new model worse than the present one. Switch to it all the same?"
        )
        asked = QMessageBox.question(self, tr("Switch to a worse model"), question)
        return asked == QMessageBox.StandardButton.Yes

    def _go_back(self) -> None:
        if self._before is not None:
            self.switch_requested.emit(self._before.name)

    def _keep(self) -> None:
        if self._model is not None:
            self._decided(
                tr("{model} is kept. Find it under Model → Manage models….", model=self._model.title)
            )
            self.kept.emit()

    def _ask_and_discard(self) -> None:
        if self._model is None:
            return
        question = tr(
            "Remove {model} for good? The films it was trained on stay as they are.", model=self._model.title
        )
        asked = QMessageBox.question(self, tr("Discard the new model"), question)
        if asked == QMessageBox.StandardButton.Yes:
            self.discard_requested.emit(self._model.name)

    def _decided(self, words: str) -> None:
        self.outcome.setText(words)
        self.ready = bool(words)
        self.ready_changed.emit(self.ready)

    def _show(self) -> None:
        model, before = self._model, self._before
        used = model is not None and self._in_use == model.folder
        for button in (self.switch, self.keep, self.discard):
            button.setEnabled(model is not None and not used)
        self.switch.setDefault(self._verdict is Verdict.BETTER and not used)  # the one thing to do next
        now = before.title if before else tr("the present model")
        self.switch_words.setText(
            tr(
                "The new model judges from now on, in this window and at each start. Films in the "
                "worklist are judged again in the background; what you marked as read stays read."
            )
        )
        self.keep_words.setText(
            tr("{model} goes on judging. The new model stays among your models.", model=now)
        )
        self.discard_words.setText(
            tr(
                "{model} goes on judging. The new model is removed from the disk; you are asked first.",
                model=now,
            )
        )
        self.back.setText(tr("Go back to {model}", model=now))
        self.back.setVisible(used and before is not None)
        self.progress.setVisible(used)
