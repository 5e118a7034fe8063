"""The window that manages models: used, rolled back, exported, imported, removed; each with its card."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QMessageBox,
    QPushButton,
    QSplitter,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from cxr_desktop.domain.bundle_manifest import MODEL_FILE_SUFFIX
from cxr_desktop.domain.library_entry import ModelInLibrary, ModelUse
from cxr_desktop.domain.model_page import ModelPage, model_page
from cxr_desktop.domain.progress import Progress
from cxr_desktop.language import tr
from cxr_desktop.ui.card_parts import plain_label
from cxr_desktop.ui.model_manager.columns import MODEL_COLUMNS, USE_COLUMNS, ModelRow, UseRow
from cxr_desktop.ui.model_manager.tables import RowsModel
from cxr_desktop.ui.model_page import PageView
from cxr_desktop.ui.rows_table import RowsTable
from cxr_desktop.ui.running_bar import RunningBar

_FILES = tr("Models (*{ending});;All files (*)", ending=MODEL_FILE_SUFFIX)


class ModelManagerWindow(QDialog):
    """Not modal. It asks for what the reader wants; what became of it is told to it.

    Signals:
        use_requested: a model is to judge.
        export_requested: a model, and the file to put it into.
        import_requested: the file to take a model out of.
        remove_requested: a model is to be removed for good; the reader was asked.
        stop_requested: of what is being exported or imported.
    """

    use_requested = Signal(object)  # ModelInLibrary
    export_requested = Signal(object, object)  # ModelInLibrary, Path
    import_requested = Signal(object)  # Path
    remove_requested = Signal(object)  # ModelInLibrary
    stop_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Manage models"))
        self._working = False
        self._page: ModelPage | None = None
        self.models: RowsModel[ModelRow] = RowsModel(MODEL_COLUMNS, self)
        self.uses: RowsModel[UseRow] = RowsModel(USE_COLUMNS, self)
        self.model_table = RowsTable(self.models, tr("Models"), self)
        self.use_table = RowsTable(self.uses, tr("Which model judged when"), self)
        self.page = PageView(tr("About the chosen model"), self)
        self.use = self._button(
            tr("&Use it"), tr("It judges from now on; films are judged again in the background")
        )
        self.export = self._button(
            tr("&Export…"), tr("Put it into one file, for another computer or for safety")
        )
        self.import_ = self._button(
            tr("&Import…"), tr("Take a model out of such a file; it is checked first")
        )
        self.remove = self._button(tr("&Remove…"), tr("Remove one of your own models for good"))
        self.again = self._button(tr("Use it &again"), tr("This model judges from now on"))
        self.words = plain_label("muted", self)
        self.job = RunningBar(tr("Progress of the model’s file"), tr("Stop; nothing is left of it"), self)
        self.tabs = QTabWidget(self)
        self.tabs.addTab(self._models_part(), tr("Models"))
        self.tabs.addTab(self._history_part(), tr("History"))
        foot = QHBoxLayout()
        foot.addWidget(self.words, 1)
        foot.addWidget(self.job)
        layout = QVBoxLayout(self)
        layout.addWidget(self.tabs, 1)
        layout.addLayout(foot)
        self._connect()
        self.resize(QSize(1180, 860).boundedTo(self.screen().availableSize() * 0.9))

    def show_models(self, models: Sequence[ModelInLibrary], in_use: Path | None) -> None:
        """The models that there are now. The chosen one stays chosen.

        Args:
            in_use: the folder of the one that judges.
        """
        before = self._chosen()
        rows = [ModelRow(each, each.folder == in_use) for each in models]
        self.models.show_rows(rows)
        wanted = [each.model.folder for each in rows]
        if before is not None and before.folder in wanted:
            self.model_table.selectRow(wanted.index(before.folder))
        elif rows:
            self.model_table.selectRow(next((n for n, row in enumerate(rows) if row.in_use), 0))
        self._follow_choice()

    def show_uses(self, uses: Sequence[ModelUse]) -> None:
        """Which model judged when, the oldest first; told after `show_models`."""
        known = {row.model.card.key: row.model for row in self.models.rows if row.model.card is not None}
        ends = [*(each.since for each in uses[1:]), None]
        rows = []
        for each, until in zip(uses, ends, strict=True) if uses else ():
            model = known.get((each.id, each.version))
            title = model.title if model else f"{each.id} {each.version}"
            rows.append(UseRow(title, each.since, until, model))
        self.uses.show_rows(rows[::-1])
        self._follow_use()

    def show_started(self, words: str) -> None:
        """Something is being done."""
        self._working = True
        self.words.setText(f"{words}…")
        self._follow_choice()

    def show_progress(self, progress: Progress) -> None:
        """How far it is; at its end what was written is checked."""
        self.job.show_progress(progress)

    def show_outcome(self, sentence: str) -> None:
        """What came of it."""
        self._working = False
        self.job.hide()
        self.words.setText(sentence)
        self._follow_choice()

    def show_stopped(self) -> None:
        """It was given up."""
        self.show_outcome(tr("Stopped; nothing is left of it."))

    def _models_part(self) -> QWidget:
        buttons = QHBoxLayout()
        for button in (self.use, self.export, self.remove):
            buttons.addWidget(button)
        buttons.addStretch(1)
        buttons.addWidget(self.import_)
        above = QWidget(self)
        column = QVBoxLayout(above)
        column.setContentsMargins(0, 8, 0, 0)
        column.addWidget(self.model_table, 1)
        column.addLayout(buttons)
        parts = QSplitter(Qt.Orientation.Vertical, self)
        parts.setChildrenCollapsible(False)
        parts.addWidget(above)
        parts.addWidget(self.page)
        parts.setSizes([330, 530])
        return parts

    def _history_part(self) -> QWidget:
        words = plain_label("muted", self)
        words.setText(
            tr("Which model judged from when on. To go back, choose an earlier one and use it again.")
        )
        buttons = QHBoxLayout()
        buttons.addWidget(self.again)
        buttons.addStretch(1)
        part = QWidget(self)
        column = QVBoxLayout(part)
        column.setContentsMargins(0, 8, 0, 0)
        column.addWidget(words)
        column.addWidget(self.use_table, 1)
        column.addLayout(buttons)
        return part

    def _button(self, text: str, tip: str) -> QPushButton:
        button = QPushButton(text, self)
        button.setAutoDefault(False)
        button.setToolTip(tip)
        return button

    def _connect(self) -> None:
        self.model_table.selectionModel().currentRowChanged.connect(self._follow_choice)
        self.use_table.selectionModel().currentRowChanged.connect(self._follow_use)
        self.use.clicked.connect(lambda: self.use_requested.emit(self._chosen()))
        self.again.clicked.connect(lambda: self.use_requested.emit(self._chosen_use()))
        self.export.clicked.connect(self._ask_export)
        self.import_.clicked.connect(self._ask_import)
        self.remove.clicked.connect(self._ask_remove)
        self.job.stop_requested.connect(self.stop_requested)

    def _chosen_row(self) -> ModelRow | None:
        row = self.model_table.row
        return self.models.rows[row] if 0 <= row < len(self.models.rows) else None

    def _chosen(self) -> ModelInLibrary | None:
        row = self._chosen_row()
        return row.model if row else None

    def _chosen_use(self) -> ModelInLibrary | None:
        row = self.use_table.row
        return self.uses.rows[row].model if 0 <= row < len(self.uses.rows) else None

    def _follow_choice(self) -> None:
        row = self._chosen_row()
        card = row.model.card if row else None
        in_use = row is not None and row.in_use
        self.use.setEnabled(card is not None and not in_use)
        self.export.setEnabled(card is not None and not self._working)
        self.import_.setEnabled(not self._working)
        self.remove.setEnabled(row is not None and not row.model.bundled and not in_use and not self._working)
        self.page.setVisible(card is not None)
        if card is not None:
            page = model_page(card)
            if page != self._page:
                self._page = page
                self.page.show_page(page)

    def _follow_use(self) -> None:
        model = self._chosen_use()
        in_use = next((row.model for row in self.models.rows if row.in_use), None)
        self.again.setEnabled(model is not None and model.card is not None and model != in_use)

    def _ask_export(self) -> None:
        model = self._chosen()
        if model is None or model.card is None:
            return
        proposal = f"{model.card.id}-{model.card.version}{MODEL_FILE_SUFFIX}"
        name, _ = QFileDialog.getSaveFileName(self, tr("Export {title}", title=model.title), proposal, _FILES)
        if name:
            self.export_requested.emit(model, Path(name))

    def _ask_import(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self, tr("Import a model"), "", _FILES)
        if name:
            self.import_requested.emit(Path(name))

    def _ask_remove(self) -> None:
        model = self._chosen()
        if model is None:
            return
        question = tr(
            "Remove {title} for good? Export it first if it may be wanted again.", title=model.title
        )
        if QMessageBox.question(self, tr("Remove a model"), question) == QMessageBox.StandardButton.Yes:
            self.remove_requested.emit(model)
