"""The page "All films": both models' probabilities over the whole worklist."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSplitter, QVBoxLayout, QWidget

from cxr_desktop.domain.prediction import Prediction
from cxr_desktop.domain.progress import Progress
from cxr_desktop.domain.two_opinions import OpinionOf, TwoOpinions, differing, two_opinions
from cxr_desktop.domain.worklist import Film
from cxr_desktop.language import tr
from cxr_desktop.ui.card_parts import plain_label
from cxr_desktop.ui.model_choice import ModelChoice
from cxr_desktop.ui.model_comparison.differing_films import DifferingTable
from cxr_desktop.ui.model_comparison.side import Seen
from cxr_desktop.ui.model_comparison.words import opinions_text, summary_text
from cxr_desktop.ui.status_line import JobDisplay
from cxr_desktop.ui.theme import set_role
from cxr_desktop.workers.second_opinion import SecondOpinionService
from cxr_desktop.workers.worklist import Worklist

if TYPE_CHECKING:
    from cxr_desktop.ui.model_comparison.scatter import Scatter

# While films are scored, the page is drawn anew at most this often.
_GATHER_MS = 400


class AllFilms(QWidget):
    """What the model in use says of the films is in the worklist; others are asked while the page is shown.

    Signals:
        film_wanted: the id of a film that the reader wants in view.
        film_opened: the same, and both models' maps of it.
        save_requested: tuple[TwoOpinions, ...] to be saved as a table.
    """

    film_wanted = Signal(int)
    film_opened = Signal(int)
    save_requested = Signal(object)

    def __init__(
        self, second: SecondOpinionService, worklist: Worklist, seen: Seen, parent: QWidget | None = None
    ) -> None:
        """
        Args:
            seen: lays over a model's judgement what is in force for it.
        """
        super().__init__(parent)
        self._second = second
        self._worklist = worklist
        self._seen = seen
        self._models: tuple[ModelChoice, ModelChoice] | None = None
        self._in_use = ""
        self._stopped = False  # until the reader asks again
        self._opinions: tuple[TwoOpinions, ...] = ()
        self.scatter: Scatter | None = None  # its library takes its time: not before the page is shown
        self.table = DifferingTable(self)
        self.words = QLabel(self)
        self.words.setWordWrap(True)
        set_role(self.words, "verdict")
        self.problem = plain_label("check", self)
        self.problem.hide()
        self.job = JobDisplay(tr("scoring"), self)
        self.go_on = QPushButton(tr("Score the rest"), self)
        self.go_on.setToolTip(tr("Scoring was stopped; the films that are left are scored"))
        self.save = QPushButton(tr("Save as CSV…"), self)
        self.save.setToolTip(tr("Both models' judgements of all films, for a spreadsheet"))
        for button in self.findChildren(QPushButton):
            button.setAutoDefault(False)  # Enter is for the table
        self.go_on.hide()
        self._panes = QSplitter(Qt.Orientation.Horizontal, self)
        self._panes.setChildrenCollapsible(False)
        self._panes.addWidget(self.table)
        head = QHBoxLayout()
        head.addWidget(self.words, 1)
        for part in (self.job, self.go_on, self.save):
            head.addWidget(part)
        layout = QVBoxLayout(self)
        layout.addLayout(head)
        layout.addWidget(self.problem)
        layout.addWidget(self._panes, 1)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_GATHER_MS)
        self._timer.timeout.connect(self._show)

        self.table.film_clicked.connect(self.film_wanted)
        self.table.film_opened.connect(self.film_opened)
        self.save.clicked.connect(lambda: self.save_requested.emit(self._opinions))
        self.go_on.clicked.connect(self._go_on)
        self.job.cancel_requested.connect(self._stop)
        second.changed.connect(self._show_soon)
        second.progress_changed.connect(self._show_progress)
        second.finished.connect(self._finish)
        second.failed.connect(self._show_failure)
        worklist.changed.connect(self._ask)
        worklist.removed.connect(self._show_soon)

    def compare(self, one: ModelChoice | None, other: ModelChoice | None, in_use: str) -> None:
        """Other models.

        Args:
            in_use: the name of the one whose judgements are in the worklist.
        """
        models = (one, other) if one is not None and other is not None else None
        if (models, in_use) != (self._models, self._in_use):
            self._models, self._in_use = models, in_use
            self._second.cancel()
            if not self.problem.isHidden():  # of a model that may not be asked any more
                self._go_on()
            else:
                self._ask()

    def look_again(self) -> None:
        """Another operating point, or another share, is in force."""
        self._show_soon()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self.scatter is None:
            from cxr_desktop.ui.model_comparison.scatter import Scatter  # noqa: PLC0415 - see above

            self.scatter = Scatter(self._tell, self)
            self.scatter.film_clicked.connect(self.film_wanted)
            self._panes.insertWidget(0, self.scatter)
            self._panes.setSizes([self.width() // 2, self.width() // 2])
        self._ask()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._second.cancel()  # nobody looks: the cores are for the reader's own films

    def _ask(self) -> None:
        """Asks for what is not known yet, while the page is shown."""
        if not self.isVisible():
            return
        if self._models is not None and not self._stopped:
            films = [film for film in self._films() if film.fingerprint and not film.problem]
            for choice in {each.name: each for each in self._models}.values():
                if choice.name != self._in_use:
                    self._second.request(choice.name, films)
        self._show_soon()

    def _show_soon(self) -> None:
        if self.isVisible() and not self._timer.isActive():
            self._timer.start()

    def _show(self) -> None:
        if self._models is None or self.scatter is None:
            return
        one, other = self._models
        self._opinions = two_opinions(self._worklist.studies, self._opinion_of(one), self._opinion_of(other))
        self.scatter.show_opinions(self._opinions, (one.title, other.title))
        self.table.films.show_rows(differing(self._opinions), self._models)
        self.words.setText(summary_text(self._opinions, len(self._films())))
        self.save.setEnabled(bool(self._opinions))

    def _opinion_of(self, choice: ModelChoice) -> OpinionOf:
        card = choice.card
        assert card is not None, "only models that can be used are compared"
        if choice.name == self._in_use:  # the worklist has it as it is seen now
            return lambda film: (
                film.prediction if film.prediction is not None and film.prediction.model == card.key else None
            )

        def said(film: Film) -> Prediction | None:
            prediction = self._second.prediction(choice.name, film.id)
            return None if prediction is None else self._seen(card, prediction)

        return said

    def _films(self) -> list[Film]:
        return [film for study in self._worklist.studies for film in study.films]

    def _tell(self, opinions: TwoOpinions) -> str:
        return "" if self._models is None else opinions_text(opinions, *self._models)

    def _show_progress(self, progress: Progress) -> None:
        if self.isVisible() and not self._stopped:
            self.job.show_progress(progress)

    def _finish(self) -> None:
        self.job.finish()
        self._show_soon()

    def _stop(self) -> None:
        self._stopped = True
        self.go_on.show()
        self._second.cancel()

    def _show_failure(self, reason: str) -> None:
        """Every film would fail alike: no model is asked of the films until the reader wants it."""
        self.problem.setText(reason)
        self.problem.show()
        self._stop()

    def _go_on(self) -> None:
        self._stopped = False
        self.problem.hide()
        self.go_on.hide()
        self._ask()
