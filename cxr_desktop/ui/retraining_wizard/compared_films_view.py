"""The films of a comparison: chosen by kind, with or without heatmaps, and one of them large."""

from __future__ import annotations

from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from cxr_desktop.domain.compared_kinds import FilmKind, films_of_kind
from cxr_desktop.domain.comparison import ModelComparison, Which
from cxr_desktop.domain.comparison_page import short_names
from cxr_desktop.domain.heat_look import HeatLook
from cxr_desktop.language import grouped, tr
from cxr_desktop.ui.card_parts import plain_label
from cxr_desktop.ui.retraining_wizard.compared_grid import ComparedGrid
from cxr_desktop.ui.retraining_wizard.film_window import FilmWindow
from cxr_desktop.workers.compared_films import ComparedFilmsService


class ComparedFilmsView(QWidget):
    """The grid with its two boxes; it keeps the large film's window."""

    def __init__(self, service: ComparedFilmsService, look: HeatLook, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._service = service
        self._look = look
        self._result: ModelComparison | None = None
        self.large: FilmWindow | None = None
        self.kind = QComboBox(self)
        self.kind.setAccessibleName(tr("Which films"))
        self.heat = QComboBox(self)
        self.heat.setAccessibleName(tr("Heatmaps on the films"))
        words = plain_label("muted", self)
        words.setText(tr("Under each film: its label, the probability now → new. A click opens it large."))
        self.grid = ComparedGrid(service, self)
        boxes = QHBoxLayout()
        for part, stretch in ((self.kind, 0), (self.heat, 0), (words, 1)):
            boxes.addWidget(part, stretch)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 8, 0, 0)
        layout.addLayout(boxes)
        layout.addWidget(self.grid, 1)
        self.kind.currentIndexChanged.connect(self._show)
        self.heat.currentIndexChanged.connect(self._show)
        self.grid.film_opened.connect(self._open)

    def show_result(self, result: ModelComparison) -> None:
        """Other films, those whose verdict changes first."""
        self._close_large()
        self._result = result
        self.grid.rows.forget_pictures()
        for box in (self.kind, self.heat):
            box.blockSignals(True)
            box.clear()
        for kind in FilmKind:
            self.kind.addItem(f"{kind.words} ({grouped(len(films_of_kind(result, kind)))})", kind)
        self.kind.setCurrentIndex(0 if result.flips else list(FilmKind).index(FilmKind.ALL))
        first, second = short_names(result)
        self.heat.addItem(tr("Films alone"), None)
        self.heat.addItem(tr("Heatmaps of {model}", model=first), Which.NOW)
        self.heat.addItem(tr("Heatmaps of {model}", model=second), Which.NEW)
        for box in (self.kind, self.heat):
            box.blockSignals(False)
        self._show()

    def _show(self) -> None:
        if self._result is None:
            return
        heat = self.heat.currentData()
        films = films_of_kind(self._result, FilmKind(self.kind.currentData()))
        self.grid.rows.show_films(films, None if heat is None else Which(heat))

    def _open(self, row: int) -> None:
        if self._result is None:
            return
        if self.large is None:
            self.large = FilmWindow(self._service, self._look, short_names(self._result), self)
        self.large.show_films(self.grid.rows.films, row)
        self.large.show()
        self.large.activateWindow()

    def _close_large(self) -> None:
        if self.large is not None:
            self.large.close()
            self.large.deleteLater()
            self.large = None
