"""The page Result: is the new model better than the present one, on the hospital's own films?"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QPushButton,
    QStackedWidget,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from cxr_desktop.domain.comparison import ModelComparison, ModelsToCompare
from cxr_desktop.domain.comparison_page import comparison_page
from cxr_desktop.domain.heat_look import HeatLook
from cxr_desktop.domain.model_page import page_as_markdown
from cxr_desktop.domain.progress import Progress
from cxr_desktop.language import tr
from cxr_desktop.ui.card_parts import plain_label
from cxr_desktop.ui.model_page import PageView
from cxr_desktop.ui.retraining_wizard.compared_films_view import ComparedFilmsView
from cxr_desktop.ui.retraining_wizard.curves import Curves
from cxr_desktop.ui.retraining_wizard.verdict_card import VerdictCard
from cxr_desktop.ui.status_line import JobDisplay
from cxr_desktop.workers.compared_films import ComparedFilmsService
from cxr_desktop.workers.comparison_service import ComparisonService

_NO_MODEL = tr(
    "There is no new model yet. When training is finished, it is compared with the present one here."
)
_COMPARING = tr(
    "Both models judge the same films. Then each film is changed where there is no lung, to "
    "see whether a model looks there; that takes longest. You can go on reading meanwhile."
)
_STOPPED = tr("The comparison was stopped, so nothing is known of whether the new model is better.")


class ResultPage(QWidget):
    """Compares when it is entered, once for each pair of models.

    Signals:
        ready_changed: whether the next page may be gone to: not before there is a result, or none is wanted
            or to be had.
        compared: there is a result.

    Attributes:
        result: None where nothing was compared (yet).
        ready: as it was told last.
    """

    title = tr("Result")
    ready_changed = Signal(bool)
    compared = Signal()

    def __init__(
        self,
        comparing: ComparisonService,
        films: ComparedFilmsService,
        look: HeatLook,
        parent: QWidget | None = None,
    ) -> None:
        """
        Args:
            films: shows films of what `comparing` compared last.
            look: how heatmaps look.
        """
        super().__init__(parent)
        self.result: ModelComparison | None = None
        self._comparing = comparing
        self._models: ModelsToCompare | None = None
        self._running = False
        self.ready = False
        self.remark = plain_label("muted", self)
        self.message = plain_label("verdict", self)
        self.explanation = plain_label("muted", self)
        self.step = plain_label("", self)
        self.job = JobDisplay(tr("comparing"), self)
        self.again = QPushButton(tr("Compare again"), self)
        self.locate = QPushButton(tr("Choose their folder…"), self)
        self.do_without = QPushButton(tr("Compare on the others"), self)
        self.copy_button = QPushButton(tr("Copy as text"), self)
        self.verdict = VerdictCard(self)
        self.figures = PageView(tr("Figures of the comparison"), self)
        self.curves = Curves(self)
        self.films = ComparedFilmsView(films, look, self)
        self._parts = QStackedWidget(self)
        self._parts.addWidget(self._waiting_part())
        self._parts.addWidget(self._result_part())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.remark)
        layout.addWidget(self._parts, 1)
        self.again.clicked.connect(self._compare)
        self.job.cancel_requested.connect(comparing.cancel)
        comparing.progress_changed.connect(self._show_progress)
        comparing.compared.connect(self._take)
        comparing.stopped.connect(lambda: self._end(_STOPPED))
        comparing.films_missing.connect(self._end_without_films)
        comparing.failed.connect(self._end)
        self.locate.clicked.connect(self._ask_where_films_are)
        self.do_without.clicked.connect(self._compare_without)
        self.set_models(None)

    def set_models(self, models: ModelsToCompare | None, words: str = "") -> None:
        """What is to be compared. What was found of others is forgotten.

        Args:
            models: None where there is nothing to compare.
            words: what is to be known of the models; without any, why the new model cannot be compared, ""
                where there is none.
        """
        self.remark.setText(words if models is not None else "")
        self.remark.setVisible(bool(self.remark.text()))
        if models == self._models and models is not None:
            if self.result is None and not self._running:
                self._models = models  # films may be looked for elsewhere
            return
        if self._running:
            self._comparing.cancel()
        self._models, self.result, self._running = models, None, False
        self._say("" if models is not None else words or _NO_MODEL)
        self._set_ready(models is None and bool(words))  # it can be kept or discarded all the same

    def enter(self) -> None:
        """The page is gone to."""
        if self._models is not None and self.result is None and not self._running:
            self._compare()

    def _waiting_part(self) -> QWidget:
        part = QWidget(self)
        row = QHBoxLayout()
        row.addWidget(self.job)
        for button in (self.locate, self.do_without, self.again):
            row.addWidget(button)
        row.addStretch(1)
        column = QVBoxLayout(part)
        column.addStretch(1)
        for label in (self.message, self.explanation, self.step):
            column.addWidget(label)
        column.addLayout(row)
        column.addStretch(2)
        return part

    def _result_part(self) -> QWidget:
        tabs = QTabWidget(self)
        tabs.addTab(self.films, tr("Films"))
        tabs.addTab(self.figures, tr("Figures"))
        tabs.addTab(self.curves, tr("Curves"))
        self.copy_button.clicked.connect(self._copy)
        self.copy_button.setToolTip(
            tr("All figures as Markdown, for a mail or a report; it holds no film’s name")
        )
        tabs.setCornerWidget(self.copy_button)
        part = QWidget(self)
        column = QVBoxLayout(part)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.verdict)
        column.addWidget(tabs, 1)
        return part

    def _copy(self) -> None:
        if self.result is not None:
            QGuiApplication.clipboard().setText(page_as_markdown(comparison_page(self.result)))

    def _compare(self) -> None:
        if self._models is None:
            return
        self._running, self.result = True, None
        self._say(tr("The two models are being compared…"), _COMPARING)
        self._set_ready(False)
        self._comparing.request(self._models)

    def _show_progress(self, step: str, progress: Progress) -> None:
        if self._running:
            self.step.setText(step)
            self.job.show_progress(progress)

    def _take(self, models: ModelsToCompare, result: ModelComparison) -> None:
        if models != self._models or not self._running:
            return
        self._running, self.result = False, result
        self.job.finish()
        self.verdict.show_result(result)
        self.figures.show_page(comparison_page(result))
        self.curves.show_result(result)
        self.films.show_result(result)
        self._parts.setCurrentIndex(1)
        self._set_ready(True)
        self.compared.emit()

    def _end(self, reason: str) -> None:
        """There is no result."""
        if not self._running:
            return
        self._running = False
        self._say(reason)
        self.again.show()
        self._set_ready(True)

    def _end_without_films(self, reason: str, others: int) -> None:
        """Films of the locked test set are missing: the reader knows where they are, or does without."""
        if not self._running:
            return
        self._end(reason)
        self.locate.show()
        self.do_without.setVisible(bool(others))

    def _ask_where_films_are(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, tr("The folder of the locked test set’s films"))
        if folder and self._models is not None:
            self._models = replace(self._models, look_in=(*self._models.look_in, Path(folder)))
            self._compare()

    def _compare_without(self) -> None:
        if self._models is not None:
            self._models = replace(self._models, without_missing=True)
            self._compare()

    def _set_ready(self, ready: bool) -> None:
        self.ready = ready
        self.ready_changed.emit(ready)

    def _say(self, message: str, explanation: str = "") -> None:
        self.message.setText(message)
        self.explanation.setText(explanation)
        self.step.setText("")
        self.job.finish()
        for button in (self.again, self.locate, self.do_without):
            button.hide()
        self._parts.setCurrentIndex(0)
