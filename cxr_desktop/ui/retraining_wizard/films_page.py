"""The first page: where the films are, and what their classes are called."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from cxr_desktop.domain.labelled_films import FoundFilms
from cxr_desktop.domain.own_reading import ReadingsList
from cxr_desktop.domain.retraining import ClassUse, RetrainingPlan
from cxr_desktop.domain.wording import counted
from cxr_desktop.language import tr
from cxr_desktop.ui.card_parts import plain_label
from cxr_desktop.ui.retraining_wizard.class_table import ClassTable
from cxr_desktop.ui.retraining_wizard.page import Page
from cxr_desktop.ui.theme import set_role
from cxr_desktop.workers.latest_answer import LatestAnswer, Work

_ABOUT = tr(
    "Films from which the model is to learn, sorted into classes by you: a folder for each "
    "class, or a table. The files themselves stay where they are and as they are."
)
_HOW = tr(
    "Drop here one folder with a subfolder for each class (NORMAL, PNEUMONIA, …), several "
    "folders of one class each, or a table (CSV) with the columns file and label. Or take the "
    "films of the worklist on which you have said Agree, Disagree or a label of your own."
)
_TABLES, _ALL_FILES = tr("Tables"), tr("All files")
_EMPTY_HEIGHT = 320  # of the field to drop films on, while there are none
_CLASSES = tr(
    "Untick a class to do without it, write over its name to rename it, and give two classes "
    "the same name to make them one. Suspicious are the classes that the program is to find."
)


class FilmsPage(Page):
    """Takes folders or a list, and has the reader look over the classes."""

    def __init__(
        self,
        gather: Callable[[Sequence[Path]], FoundFilms],
        write_readings: Callable[[], ReadingsList],
        gathering: LatestAnswer[Work, Any],
        parent: QWidget | None = None,
    ) -> None:
        """
        Args:
            gather: finds the films of folders or a list, raising CxrError; called on the last one's thread.
            write_readings: writes the readings made in the worklist as a list, raising CxrError where there
                are none; called there, too.
        """
        super().__init__(tr("Films"), _ABOUT, parent)
        self._gather = gather
        self._write_readings = write_readings
        self._readings: ReadingsList | None = None  # the last ones taken
        self._gathering = gathering
        self._asked: tuple[Path, ...] = ()
        self.setAcceptDrops(True)
        self.field = QFrame(self)
        self.sources = plain_label("", self)
        self.folder = QPushButton(tr("Add a folder…"), self)
        self.list = QPushButton(tr("Choose a table…"), self)
        self.readings = QPushButton(tr("Take my readings"), self)
        self.readings.setToolTip(tr("Films of the worklist with the labels that you gave them"))
        self.anew = QPushButton(tr("Start over"), self)
        self.problem = plain_label("check", self)
        self.table = ClassTable(self)
        self.words = plain_label("muted", self)
        self.words.setText(_CLASSES)
        self.total = plain_label("", self)
        self._lay_out()
        self.folder.clicked.connect(self._choose_folder)
        self.list.clicked.connect(self._choose_list)
        self.readings.clicked.connect(self.take_readings)
        self.anew.clicked.connect(lambda: self.take(()))
        self.table.classes_changed.connect(self._take_classes)
        gathering.answered.connect(self._take_answer)
        gathering.refused.connect(self._take_refusal)
        gathering.failed.connect(self._show_problem)
        self._show()

    def enter(self, plan: RetrainingPlan) -> None:
        super().enter(plan)
        self._show()

    def take(self, sources: Sequence[Path]) -> None:
        """Films are looked for in these places, and nowhere else."""
        self._asked = tuple(dict.fromkeys(sources))
        self.set_ready(False)
        self.problem.hide()
        if not self._asked:
            self._gathering.take_back()
            self._take_films(FoundFilms(()))
            return
        self.sources.setText(tr("Looking for films…"))
        self._gathering.ask(partial(self._gather_from, self._asked))

    def take_readings(self) -> None:
        """The films are those of the worklist on which the reader has said something."""
        self.set_ready(False)
        self.problem.hide()
        self.sources.setText(tr("Looking for the films of your readings…"))
        self._gathering.ask(self._gather_readings)

    def add(self, sources: Sequence[Path]) -> None:
        """Looks for films in further places, too; a table replaces all others, as it stands alone."""
        lists = [each for each in sources if each.is_file()]
        before = [each for each in self._asked if each.is_dir()]
        self.take(lists[:1] if lists else [*before, *sources])

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        self.add(paths)

    def _choose_folder(self) -> None:
        name = QFileDialog.getExistingDirectory(self, tr("A folder of labelled films"))
        if name:
            self.add([Path(name)])

    def _choose_list(self) -> None:
        name, _ = QFileDialog.getOpenFileName(
            self, tr("A table of films"), "", f"{_TABLES} (*.csv *.tsv *.txt);;{_ALL_FILES} (*)"
        )
        if name:
            self.add([Path(name)])

    # On the thread of `gathering`

    def _gather_from(self, sources: tuple[Path, ...]) -> tuple[FoundFilms, ReadingsList | None]:
        return self._gather(sources), None

    def _gather_readings(self) -> tuple[FoundFilms, ReadingsList | None]:
        readings = self._write_readings()
        return self._gather((readings.file,)), readings

    # On the window's

    def _take_answer(self, _: Work, answer: tuple[FoundFilms, ReadingsList | None]) -> None:
        found, readings = answer
        if readings is not None:
            self._readings = readings
            self._asked = (readings.file,)
        self._take_films(found)

    def _take_refusal(self, _: Work, reason: str) -> None:
        if reason:  # else a mistake of the program, which is told otherwise
            self._show_problem(reason)

    def _take_films(self, found: FoundFilms) -> None:
        self.change(self.plan.with_films(self._asked, found))
        self._show()

    def _take_classes(self, classes: tuple[ClassUse, ...]) -> None:
        self.change(replace(self.plan, classes=classes, report=None, films_file=None))
        self._tell()

    def _show_problem(self, reason: str) -> None:
        self._asked = self.plan.sources
        self._show()
        self.problem.setText(reason)
        self.problem.show()

    def _show(self) -> None:
        plan = self.plan
        self.sources.setText("\n".join(self._source_text(each) for each in plan.sources) or _HOW)
        self.table.show_classes(plan.classes, plan.found)
        self._tell()

    def _source_text(self, source: Path) -> str:
        readings = self._readings
        if readings is None or source != readings.file:
            return str(source)
        films = counted(readings.films, "film", "films")
        if readings.left_out:
            return tr(
                "Your readings in the worklist: {films}. {others} left out, as no file shows these "
                "films any more; locate them in the worklist, or do without",
                films=films,
                others=counted(readings.left_out, "other", "others"),
            )
        return tr("Your readings in the worklist: {films}", films=films)

    def _tell(self) -> None:
        plan = self.plan
        there = bool(plan.sources)
        set_role(self.field, "card" if there else "drop")
        self.field.setMinimumHeight(0 if there else _EMPTY_HEIGHT)
        set_role(self.sources, "" if there else "verdict")
        for widget in (self.table, self.words, self.total, self.anew):
            widget.setVisible(there)
        problem = plan.obstacle if there else ""
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))
        if there and not problem:
            classes = sorted({film.label for film in plan.films})
            self.total.setText(
                tr(
                    "{films} of {classes}: {names}",
                    films=counted(len(plan.films), "film", "films"),
                    classes=counted(len(classes), "class", "classes"),
                    names=", ".join(classes[:8]) + (" …" if len(classes) > 8 else ""),
                )
            )
        else:
            self.total.clear()
        self.set_ready(there and not problem)

    def _lay_out(self) -> None:
        inside = QVBoxLayout(self.field)
        heading = QLabel(tr("WHERE THE FILMS ARE"), self.field)
        set_role(heading, "heading")
        inside.addWidget(heading)
        inside.addWidget(self.sources, 1)
        buttons = QHBoxLayout()
        for button in (self.folder, self.list, self.readings, self.anew):
            buttons.addWidget(button)
        buttons.addStretch(1)
        inside.addLayout(buttons)
        self.column.addWidget(self.field)
        self.column.addWidget(self.problem)
        self.column.addWidget(self.total)
        self.column.addWidget(self.words)
        self.column.addWidget(self.table, 1)
        self.column.addStretch()
