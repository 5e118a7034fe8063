"""The window "Two models": the film in view as two models judge it, side by side; and all films."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSplitter,
    QTabWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from cxr_desktop.domain.explanation import METHOD_TITLES, Answer, Method, Question
from cxr_desktop.domain.heat_look import HeatLook
from cxr_desktop.domain.prediction import Heatmap
from cxr_desktop.domain.progress import Progress
from cxr_desktop.domain.radiograph import Radiograph
from cxr_desktop.domain.worklist import Film
from cxr_desktop.language import tr
from cxr_desktop.ui.image_viewer import Caption
from cxr_desktop.ui.method_box import MethodBox
from cxr_desktop.ui.model_choice import ModelChoice
from cxr_desktop.ui.model_comparison.all_films import AllFilms
from cxr_desktop.ui.model_comparison.asking import Asking
from cxr_desktop.ui.model_comparison.side import Seen, Side
from cxr_desktop.ui.model_comparison.together import Together
from cxr_desktop.ui.model_comparison.words import verdicts_text
from cxr_desktop.ui.running_bar import RunningBar
from cxr_desktop.ui.theme import set_role
from cxr_desktop.ui.triage_panel.evidence_card import superpixel_box
from cxr_desktop.ui.triage_panel.lime_dialog import LimeMemory
from cxr_desktop.workers.questioning_service import QuestioningService

# How far two maps of a film of (height, width) agree, as a sentence.
CompareMaps = Callable[[Heatmap, Heatmap, tuple[int, int]], str]


class ModelComparisonWindow(QDialog):
    """Not modal. Whoever opened it says which film and which models; it asks the models itself."""

    def __init__(
        self,
        service: QuestioningService,
        seen: Seen,
        compare_maps: CompareMaps,
        look: HeatLook,
        lime: LimeMemory,
        all_films: AllFilms,
        parent: QWidget | None = None,
    ) -> None:
        """
        Args:
            seen: lays over a model's judgement what is in force for it.
            look: of both heatmaps, to begin with.
            lime: how LIME asks, here and elsewhere.
            all_films: the second page.
        """
        super().__init__(parent, Qt.WindowType.Window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Two models"))
        self._compare_maps = compare_maps
        self._film: Film | None = None
        self._radiograph: Radiograph | None = None
        self._lime = lime
        self._asked: dict[int, Question] = {}  # by side, what it was asked last
        self._stopped: Mapping[int, Question] = {}  # by side, what the reader did not wait for
        self._in_use = ""
        self._asking = Asking(service, self)
        self.all_films = all_films
        self.sides = (
            Side(tr("Left model"), tr("Evidence of the left model"), seen, look, self),
            Side(tr("Right model"), tr("Evidence of the right model"), seen, look, self),
        )
        Together(self.sides[0].viewer, self.sides[1].viewer, self)

        self.methods = MethodBox(self)
        self.options = QToolButton(self)
        self.options.setText("…")
        self.options.setAccessibleName(tr("LIME's options"))
        self.options.setToolTip(tr("How LIME asks: samples, superpixels, seed"))
        self.superpixels = superpixel_box(self)
        self.running = RunningBar(tr("Progress of the map"), tr("Stop; the map before stays"), self)
        self.again = QPushButton(self)
        self.again.setAutoDefault(False)  # Enter is for the boxes
        for part in (self.again, self.superpixels):
            part.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # clicked, the keys stay with the films
        self.words = QLabel(self)
        self.words.setAccessibleName(tr("What both models have in common"))
        set_role(self.words, "verdict")
        self.pages = QTabWidget(self)
        self._lay_out()
        self._connect()
        self._show_method(self.method)
        self.again.hide()
        self.resize(QSize(1480, 960).boundedTo(self.screen().availableSize() * 0.92))
        self.sides[0].viewer.setFocus()

    @property
    def method(self) -> Method:
        """The one by which both models are asked for their evidence."""
        return self.methods.method

    # What its opener says

    def offer(self, choices: Sequence[ModelChoice], in_use: str) -> None:
        """Other models to choose from, and which of them is in use: it is shown on the left.

        The model on the right stays if it can; else it is the first other one.
        """
        right = self.sides[1].choice
        names = [choice.name for choice in choices if choice.card is not None]
        other = next((name for name in names if name != in_use), in_use)
        if right is not None and right.name in names and right.name != in_use:
            other = right.name
        self.sides[0].offer(choices, in_use)
        self.sides[1].offer(choices, other)
        self._in_use = in_use
        self._compare_all()
        self._show_in_common()
        if self._film is not None and self._radiograph is not None:
            shown = self.sides[0].viewer.canvas.shown
            caption = shown.caption if shown is not None else Caption()
            self._show(self._film, self._radiograph, caption)

    def show_film(self, film: Film, radiograph: Radiograph, caption: Caption) -> None:
        """The film in view. The same one again changes nothing."""
        if self._film is None or film.id != self._film.id or radiograph is not self._radiograph:
            self._show(film, radiograph, caption)

    def show_message(self, text: str) -> None:
        """A sentence in place of a film: that there is none, that it is being read, or why it cannot be."""
        self._film = self._radiograph = None
        self._asking.take_back()
        self._settle()
        for side in self.sides:
            side.show_message(text)
        self._show_in_common()

    def look_again(self) -> None:
        """Another operating point, or another share, is in force."""
        for side in self.sides:
            side.look_again()
        self._show_in_common()
        self.all_films.look_again()

    # How it asks

    def _show(self, film: Film, radiograph: Radiograph, caption: Caption) -> None:
        self._film, self._radiograph = film, radiograph
        for side in self.sides:
            side.show_film(film, radiograph, caption)
        self._ask(0, 1)

    def _ask(self, *places: int) -> None:
        """Asks the models on these sides."""
        film = self._film
        if film is None:
            return
        self.again.hide()
        chosen = {place: self.sides[place].choice for place in places}
        questions = {
            place: Question(film.id, self.method, choice.name, self._lime.options)
            for place, choice in chosen.items()
            if choice is not None
        }
        if not questions:
            return
        self._asked |= questions
        for place in questions:
            self.sides[place].show_waiting()
        self._show_in_common()
        self.running.show_progress(Progress(0, None, 0))
        self._asking.ask(questions)

    def _ask_again(self) -> None:
        for question in self._stopped.values():
            self._show_method(question.method)
        self._ask(*self._stopped)

    def _ask_for_options(self) -> None:
        if self._lime.ask_reader(self):
            self._ask(0, 1)

    def _choose_method(self) -> None:
        self._show_method(self.method)
        self._ask(0, 1)
        self.sides[0].viewer.setFocus()

    def _show_method(self, method: Method) -> None:
        self.methods.choose(method)
        for widget in (self.options, self.superpixels):
            widget.setVisible(method is Method.LIME)

    # What is answered

    def _show_answer(self, place: int, answer: Answer) -> None:
        self.sides[place].show_answer(self._asked[place], answer, self.superpixels.isChecked())
        self._settle_if_done()

    def _show_refusal(self, place: int, reason: str) -> None:
        self.sides[place].show_refusal(reason)
        self._settle_if_done()

    def _show_progress(self, place: int, progress: Progress) -> None:
        self.running.show_progress(progress)
        self.running.setToolTip(f"{METHOD_TITLES[self.method]}, {self.sides[place].box.currentText()}")

    def _show_stopped(self, stopped: Mapping[int, Question]) -> None:
        """The box goes back to the method of the maps on the films, where that is one."""
        self._stopped = stopped
        for place, question in stopped.items():
            title = METHOD_TITLES[question.method]
            self.sides[place].show_stopped(title)
            self.again.setText(tr("Ask again: {method}", method=title))
        on_films = {side.told[0].method for side in self.sides if side.told is not None}
        if len(on_films) == 1:
            self._show_method(on_films.pop())
        self._settle()
        self.again.setVisible(self._film is not None)
        self._show_in_common()

    def _settle_if_done(self) -> None:
        if not self._asking.is_busy:
            self._settle()
        self._show_in_common()

    def _settle(self) -> None:
        self.running.hide()
        self.again.hide()

    def _show_in_common(self) -> None:
        """What can be said of both, as far as both have answered the same question."""
        one, other = (side.told for side in self.sides)
        verdicts = [side.prediction for side in self.sides]
        sentences = []
        if verdicts[0] is not None and verdicts[1] is not None:
            sentences.append(verdicts_text(verdicts[0], verdicts[1]))
        if one is not None and other is not None and self._radiograph is not None:
            if one[0].model == other[0].model:
                sentences = [tr("Both sides ask the same model. Choose another one on one side.")]
            elif self._asking.is_busy:
                pass  # one of the maps is about to be another
            elif one[0].method is other[0].method:
                left, right = (each[1].explanation.heatmap for each in (one, other))
                sentences.append(self._compare_maps(left, right, self._radiograph.shape))
            else:
                sentences.append(tr("The two maps are made by different methods."))
        self.words.setText(" ".join(sentences))

    def _lay_superpixels(self, drawn: bool) -> None:
        for side in self.sides:
            side.lay_map(drawn)

    # How it is built

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        label = QLabel(tr("Evidence by"), self)
        set_role(label, "muted")
        for part in (label, self.methods, self.options, self.superpixels):
            head.addWidget(part)
        head.addWidget(self.running, 1)
        head.addWidget(self.again)
        head.addStretch(1)
        panes = QSplitter(Qt.Orientation.Horizontal, self)
        panes.setChildrenCollapsible(False)
        for side in self.sides:
            panes.addWidget(side)
        panes.setSizes([1, 1])
        self.words.setWordWrap(True)
        page = QWidget(self)
        column = QVBoxLayout(page)
        column.addLayout(head)
        column.addWidget(panes, 1)
        column.addWidget(self.words)
        self.pages.addTab(page, tr("Film in view"))
        self.pages.addTab(self.all_films, tr("All films"))
        layout = QVBoxLayout(self)
        layout.addWidget(self.pages)

    def _connect(self) -> None:
        self.methods.activated.connect(lambda _: self._choose_method())
        self.options.clicked.connect(self._ask_for_options)
        self.superpixels.toggled.connect(self._lay_superpixels)
        self.running.stop_requested.connect(self._asking.stop)
        self.again.clicked.connect(self._ask_again)
        for place, side in enumerate(self.sides):
            side.model_chosen.connect(lambda place=place: self._change_model(place))
            side.divided.connect(self.sides[1 - place].divide)
        self.all_films.film_opened.connect(lambda _: self.pages.setCurrentIndex(0))
        self._asking.answered.connect(self._show_answer)
        self._asking.refused.connect(self._show_refusal)
        self._asking.progress_changed.connect(self._show_progress)
        self._asking.stopped.connect(self._show_stopped)
        self.finished.connect(lambda _: self._asking.take_back())

    def _change_model(self, place: int) -> None:
        self._compare_all()
        self._ask(place)
        self.sides[place].viewer.setFocus()

    def _compare_all(self) -> None:
        choices = [side.choice for side in self.sides]
        self.methods.allow(*(each.card for each in choices if each is not None and each.card is not None))
        self.all_films.compare(self.sides[0].choice, self.sides[1].choice, self._in_use)
