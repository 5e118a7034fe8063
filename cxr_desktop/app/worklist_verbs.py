"""What the reader does with the worklist: opens, saves, locates, removes, says what she thinks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QInputDialog, QMessageBox, QWidget

from cxr_desktop.app.films import Films
from cxr_desktop.app.model_in_use import ModelInUse
from cxr_desktop.app.queue_file import save_queue
from cxr_desktop.domain.errors import CxrError
from cxr_desktop.domain.own_reading import LONGEST_LABEL, OwnReading
from cxr_desktop.domain.wording import counted
from cxr_desktop.language import tr
from cxr_desktop.ui.reading_session import ReadingSession
from cxr_desktop.workers.worklist import Worklist


class WorklistVerbs(QObject):
    """The verbs, each a slot.

    Signals:
        paths_chosen: files, or a folder, to be taken in (list[Path]).
        told: what was done, in a few words.
    """

    paths_chosen = Signal(object)
    told = Signal(str)

    def __init__(
        self,
        films: Films,
        worklist: Worklist,
        session: ReadingSession,
        model: ModelInUse,
        last_folder: Callable[[], str],
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._films = films
        self._worklist = worklist
        self._session = session
        self._model = model
        self._last_folder = last_folder
        self._window = window

    def open_files(self) -> None:
        """Lets the reader choose films to be taken in."""
        names, _ = QFileDialog.getOpenFileNames(self._window, tr("Open X-rays"), self._last_folder())
        self.paths_chosen.emit([Path(name) for name in names])

    def open_folder(self) -> None:
        """Lets the reader choose a folder to be taken in."""
        name = QFileDialog.getExistingDirectory(
            self._window, tr("Open a folder of X-rays"), self._last_folder()
        )
        if name:
            self.paths_chosen.emit([Path(name)])

    def save_table(self) -> None:
        """Saves the queue as a table."""
        name, _ = QFileDialog.getSaveFileName(self._window, tr("Save the queue"), "queue.csv", "CSV (*.csv)")
        if name:
            saved = counted(save_queue(self._worklist.studies, Path(name)), "row", "rows")
            self.told.emit(tr("{rows} saved", rows=saved))

    def show_in_folder(self, study_id: int) -> None:
        """Opens the folder of a study's leading film in the system's file manager."""
        study = self._worklist.study(study_id)
        if study is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(study.lead.source.path.parent)))

    def locate(self, study_id: int) -> None:
        """Lets the reader say where a study's missing film is now."""
        study = self._worklist.study(study_id)
        if study is None:
            return
        film = next((film for film in study.films if film.problem), study.lead)
        title = tr("Where is {file}?", file=film.source.name)
        name, _ = QFileDialog.getOpenFileName(self._window, title, self._last_folder())
        if name:
            self._films.locate(film, Path(name))
            self._worklist.mark_changed([study_id])
            self._session.show_again()

    def remove(self, study_id: int) -> None:
        """Takes a study out of the worklist, once the reader has said yes."""
        question = tr(
            "Remove this study from the list? Its scores, your readings and reading marks are "
            "deleted; the films' files stay where they are."
        )
        answer = QMessageBox.question(self._window, tr("Remove from the list"), question)
        if answer == QMessageBox.StandardButton.Yes:
            self._worklist.mark_changed(self._films.remove(study_id))
            self._worklist.refresh()

    def note_label(self, film_id: int, label: str) -> None:
        """Keeps what the reader says of a film; "" takes it back."""
        reading = OwnReading(label, datetime.now(UTC)) if label else None
        self._films.note_own_reading(film_id, reading)
        study = self._worklist.study_of(film_id)
        if study is not None:
            self._worklist.mark_changed([study.id])
            self._worklist.refresh()

    def ask_label(self, film_id: int) -> None:
        """Lets the reader give a film a label: the model's, one that she used before, or another word."""
        film = self._worklist.film(film_id)
        if film is None:
            return
        card = self._model.card
        of_model = [label.name for label in card.labels] if card is not None else []
        own = {
            each.own_reading.label
            for study in self._worklist.studies
            for each in study.films
            if each.own_reading is not None
        }
        labels = list(dict.fromkeys([*of_model, *sorted(own)]))
        said = film.own_reading.label if film.own_reading is not None else ""
        text, chosen = QInputDialog.getItem(
            self._window,
            tr("Your reading"),
            tr("What this film shows. An empty field takes your reading back."),
            ["", *labels],
            labels.index(said) + 1 if said else 0,
            True,
        )
        label = " ".join(text.split())
        if not chosen or label == said:
            return
        if len(label) > LONGEST_LABEL:
            raise CxrError(
                tr(
                    "A label may have {most} characters, and this one has {length}. Your reading is as it "
                    "was; give a shorter one.",
                    most=LONGEST_LABEL,
                    length=len(label),
                )
            )
        self.note_label(film_id, label)
