"""One film of a comparison, large, with the heatmap of either model."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QComboBox, QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from cxr_desktop.domain.compared_kinds import change_in_words
from cxr_desktop.domain.comparison import ComparedFilm, Which
from cxr_desktop.domain.heat_look import HeatLook
from cxr_desktop.domain.wording import percent_text
from cxr_desktop.language import tr
from cxr_desktop.ui.card_parts import plain_label
from cxr_desktop.ui.image_viewer import Caption, ImageViewer
from cxr_desktop.workers.compared_films import ComparedFilmsService, FilmWithBoth


class FilmWindow(QDialog):
    """Not modal; it walks through the films that the grid shows."""

    def __init__(
        self,
        service: ComparedFilmsService,
        look: HeatLook,
        names: tuple[str, str],
        parent: QWidget | None = None,
    ) -> None:
        """
        Args:
            names: of the present model and the new one.
        """
        super().__init__(parent, Qt.WindowType.Window)
        self._service = service
        self._names = names
        self._films: tuple[ComparedFilm, ...] = ()
        self._row = 0
        self._both: FilmWithBoth | None = None
        self.viewer = ImageViewer(True, look, self)
        self.label = plain_label("verdict", self)
        self.words = plain_label("", self)
        self.heat = QComboBox(self)
        self.heat.setAccessibleName(tr("Whose heatmap"))
        self.heat.addItem(tr("Heatmap of {model} (present)", model=names[0]), Which.NOW)
        self.heat.addItem(tr("Heatmap of {model} (new)", model=names[1]), Which.NEW)
        self.heat.setCurrentIndex(1)
        self.heat.currentIndexChanged.connect(self._lay_heat)
        self.previous = QPushButton(tr("Previous film"), self)
        self.next = QPushButton(tr("Next film"), self)
        for button, step, keys in ((self.previous, -1, ("B", "K")), (self.next, 1, ("N", "J"))):
            button.setAutoDefault(False)
            button.clicked.connect(lambda _=False, by=step: self._go(by))
            button.setToolTip(tr("{key} or {other}", key=keys[0], other=keys[1]))
            for key in keys:
                QShortcut(QKeySequence(key), self, lambda by=step: self._go(by))
        head = QHBoxLayout()
        for part, stretch in ((self.label, 1), (self.heat, 0), (self.previous, 0), (self.next, 0)):
            head.addWidget(part, stretch)
        layout = QVBoxLayout(self)
        layout.addLayout(head)
        layout.addWidget(self.words)
        layout.addWidget(self.viewer, 1)
        service.film_ready.connect(self._take)
        service.film_failed.connect(self._take_failure)
        self.resize(QSize(1000, 900).boundedTo(self.screen().availableSize() * 0.9))

    def show_films(self, films: Sequence[ComparedFilm], row: int) -> None:
        """Opens one of some films."""
        self._films = tuple(films)
        self._show_row(row)

    def _go(self, by: int) -> None:
        if 0 <= self._row + by < len(self._films):
            self._show_row(self._row + by)

    def _show_row(self, row: int) -> None:
        self._row, self._both = row, None
        film = self._films[row]
        self.setWindowTitle(tr("Film {number:,} of {films:,}", number=row + 1, films=len(self._films)))
        self.label.setText(tr("Labelled {label}: {change}", label=film.label, change=change_in_words(film)))
        self.words.setText(
            "     ".join(
                _judgement(*each)
                for each in zip(self._names, film.probabilities, film.suspected, film.right, strict=True)
            )
        )
        self.previous.setEnabled(row > 0)
        self.next.setEnabled(row + 1 < len(self._films))
        self.viewer.show_message(tr("Reading the film…"))
        self._service.request_film(film.film)

    def _take(self, film: str, both: FilmWithBoth) -> None:
        if not self._films or film != self._films[self._row].film:
            return
        self._both = both
        self.viewer.show_film(both.radiograph, None, None, Caption())
        self._lay_heat()

    def _take_failure(self, film: str, reason: str) -> None:
        if self._films and film == self._films[self._row].film:
            self.viewer.show_message(reason)

    def _lay_heat(self) -> None:
        which = self.heat.currentData()
        if self._both is not None:
            judgement = self._both.of(Which(which))
            self.viewer.set_heatmap(judgement.heatmap, judgement.lungs.box)


def _judgement(model: str, probability: float, suspected: bool, right: bool) -> str:
    """What a model says of the film: "m-1: 97.0 %, suspected (right)"."""
    percent = percent_text(probability, 1)
    verdict = tr("suspected") if suspected else tr("not suspected")
    if right:
        return tr("{model}: {percent}, {verdict} (right)", model=model, percent=percent, verdict=verdict)
    return tr("{model}: {percent}, {verdict} (wrong)", model=model, percent=percent, verdict=verdict)
