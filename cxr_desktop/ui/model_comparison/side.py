"""One of two models: the film with its map, its verdict, and how far its evidence holds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSplitter, QVBoxLayout, QWidget

from cxr_desktop.domain.explanation import Answer, Question
from cxr_desktop.domain.heat_look import HeatLook
from cxr_desktop.domain.model_card import ModelCard
from cxr_desktop.domain.prediction import Prediction
from cxr_desktop.domain.radiograph import Radiograph
from cxr_desktop.domain.worklist import Film
from cxr_desktop.language import tr
from cxr_desktop.ui.card_parts import plain_label, quiet_scroll
from cxr_desktop.ui.image_viewer import Caption, ImageViewer
from cxr_desktop.ui.model_choice import ModelBox, ModelChoice
from cxr_desktop.ui.theme import set_role
from cxr_desktop.ui.triage_panel import PredictionCard
from cxr_desktop.ui.triage_panel.evidence_words import evidence_sentences

# How a model's judgement is seen: with the operating point and the hospital's share that are in force.
Seen = Callable[[ModelCard, Prediction], Prediction]

# How film and words share the height, whatever is said: the film must not jump from answer to answer, and
# longer words scroll.
_FILM_AND_WORDS = (790, 210)


class Side(QWidget):
    """Keeps the last answer of the film in view by the model in its box.

    Signals:
        model_chosen: the reader chose another model.
        divided: the heights of film and words, in logical pixels, as the reader dragged them.

    Attributes:
        told: that answer with its question; None until there is one.
    """

    model_chosen = Signal()
    divided = Signal(object)  # list[int]

    def __init__(
        self, name: str, evidence_name: str, seen: Seen, look: HeatLook, parent: QWidget | None = None
    ) -> None:
        """
        Args:
            name, evidence_name: for assistive technology, e.g. "Left model", "Evidence of the left model".
        """
        super().__init__(parent)
        self._name = name
        self._seen = seen
        self._film: Film | None = None
        self.told: tuple[Question, Answer] | None = None
        self.box = self._box((), "")
        self.viewer = ImageViewer(True, look, self)
        self.verdict = PredictionCard(self)
        self.words = plain_label("muted", self)
        self.doubts = plain_label("check", self)
        evidence = QFrame(self)
        evidence.setAccessibleName(evidence_name)
        set_role(evidence, "card")
        heading = QLabel(tr("EVIDENCE"), evidence)
        set_role(heading, "heading")
        lines = QVBoxLayout(evidence)
        lines.setContentsMargins(12, 10, 12, 10)
        lines.setSpacing(4)
        for part in (heading, self.words, self.doubts):
            lines.addWidget(part)
        lines.addStretch(1)
        cards = QWidget(self)
        beneath = QHBoxLayout(cards)
        beneath.setContentsMargins(0, 0, 0, 0)
        beneath.addWidget(self.verdict, 3)
        beneath.addWidget(evidence, 2)
        self._parts = QSplitter(Qt.Orientation.Vertical, self)
        self._parts.setChildrenCollapsible(False)
        self._parts.addWidget(self.viewer)
        self._parts.addWidget(quiet_scroll(cards, self))
        self._parts.setSizes(_FILM_AND_WORDS)
        self._parts.splitterMoved.connect(lambda: self.divided.emit(self._parts.sizes()))
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(self.box)
        self._column.addWidget(self._parts, 1)
        self.forget()

    @property
    def choice(self) -> ModelChoice | None:
        """The model in the box; None where there is none that can be used."""
        chosen = self.box.chosen
        return chosen if chosen is not None and chosen.card is not None else None

    @property
    def prediction(self) -> Prediction | None:
        """The model's judgement of the film in view, as it is seen now."""
        if self.told is None or self.choice is None or self.choice.card is None:
            return None
        return self._seen(self.choice.card, self.told[1].judgement.prediction)

    def offer(self, choices: Sequence[ModelChoice], chosen: str) -> None:
        """Other models to choose from; what the one before said is forgotten.

        Args:
            chosen: the name of the one to ask.
        """
        before, self.box = self.box, self._box(choices, chosen)
        self._column.replaceWidget(before, self.box)
        before.hide()
        before.deleteLater()
        self.forget()

    def divide(self, heights: Sequence[int]) -> None:
        """Gives film and words these heights; `divided` is not emitted."""
        self._parts.setSizes(heights)

    def show_film(self, film: Film, radiograph: Radiograph, caption: Caption) -> None:
        """Another film, about which the model is yet to be asked."""
        self._film = film
        title = self.choice.title if self.choice else ""
        self.viewer.show_film(radiograph, None, None, replace(caption, judgement=(title,), position=""))
        self.forget()

    def show_message(self, text: str) -> None:
        """A sentence in place of a film."""
        self._film = None
        self.viewer.show_message(text)
        self.forget()

    def show_answer(self, question: Question, answer: Answer, superpixels: bool) -> None:
        """What the model says of the film.

        Args:
            superpixels: whether LIME's superpixels are drawn in place of its map.
        """
        self.told = (question, answer)
        self.viewer.set_heatmap(None, answer.judgement.lungs.box)
        self.lay_map(superpixels)
        self._show_told("")
        self.look_again()

    def lay_map(self, superpixels: bool) -> None:
        """Lays the answer's map over the film, or the superpixels that it was made of."""
        if self.told is not None:
            explanation = self.told[1].explanation
            self.viewer.lay_map(explanation.heatmap, explanation.superpixels if superpixels else None)

    def look_again(self) -> None:
        """Shows the verdict from where it is seen now."""
        prediction = self.prediction
        if self._film is not None and prediction is not None and self.choice is not None:
            film = replace(self._film, prediction=prediction, judged_by="")
            self.verdict.show_film(film, self.choice.card)
            self.verdict.show()

    def show_waiting(self) -> None:
        """The model is being asked; what it said before stays."""
        self._show_told(tr("Being asked…"))

    def show_refusal(self, reason: str) -> None:
        """Why there is no answer; the map before stays."""
        self._show_told("", reason or tr("Something went wrong; the log tells where."))

    def show_stopped(self, title: str) -> None:
        """Nobody waits any more for what this method would have said; the map before stays."""
        stopped = tr("{method}: stopped before this model had answered.", method=title)
        stays = tr("The map before stays.") if self.told else ""
        self._show_told("", " ".join(filter(None, (stopped, stays))))

    def forget(self) -> None:
        """What was said is not of this film, or not by this model."""
        self.told = None
        self.viewer.lay_map(None)
        self.verdict.hide()
        self._show_told("")

    def _box(self, choices: Sequence[ModelChoice], chosen: str) -> ModelBox:
        box = ModelBox(choices, chosen, self)
        box.setAccessibleName(self._name)
        box.activated.connect(lambda _: self._choose())
        return box

    def _choose(self) -> None:
        shown = self.viewer.canvas.shown
        if shown is not None and self.choice is not None:
            self.viewer.set_caption(replace(shown.caption, judgement=(self.choice.title,)))
        self.forget()
        self.model_chosen.emit()

    def _show_told(self, otherwise: str, problem: str = "") -> None:
        """What is known of the map on the film; `otherwise` where there is none.

        Args:
            problem: why there is no other.
        """
        sentences, doubts = [otherwise], tuple[str, ...]()
        if self.told is not None:
            question, answer = self.told
            sentences, doubts = evidence_sentences(question.method, answer), answer.doubts
        self.words.setText("\n".join(sentences))
        told = "\n".join(filter(None, (problem, *doubts)))
        self.doubts.setText(told)
        self.doubts.setVisible(bool(told))
