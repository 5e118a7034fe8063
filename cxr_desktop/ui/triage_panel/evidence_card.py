"""Where the model sees evidence on the film in view: how it was asked, and how far the answer holds."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from cxr_desktop.domain.explanation import METHOD_TITLES, Answer, Method
from cxr_desktop.domain.map_doubts import doubts_of_map, outside_lungs
from cxr_desktop.domain.model_card import ModelCard
from cxr_desktop.domain.prediction import Heatmap
from cxr_desktop.domain.progress import Progress
from cxr_desktop.domain.worklist import Film
from cxr_desktop.language import tr
from cxr_desktop.ui.card_parts import named_button, plain_label
from cxr_desktop.ui.method_box import MethodBox
from cxr_desktop.ui.running_bar import RunningBar
from cxr_desktop.ui.theme import set_role
from cxr_desktop.ui.triage_panel.evidence_words import evidence_sentences, share_text


class EvidenceCard(QFrame):
    """The heatmap's switch, the method that makes it, and what is known of the map.

    Signals:
        heatmap_toggled: whether the reader wants to see the map.
        method_chosen: the `Method` by which the reader wants the film's evidence.
        options_requested: the reader wants to set how LIME asks.
        stop_requested: the reader waits no longer.
        superpixels_toggled: whether the reader wants LIME's superpixels in place of its map.
        comparison_requested: the reader wants to see two models side by side.
        feature_maps_requested: the reader wants to see what the network's layers make of the film.
        news: there is something to be seen that the reader asked for: progress, an answer, a refusal.
    """

    heatmap_toggled = Signal(bool)
    method_chosen = Signal(object)
    options_requested = Signal()
    stop_requested = Signal()
    superpixels_toggled = Signal(bool)
    comparison_requested = Signal()
    feature_maps_requested = Signal()
    news = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Evidence"))
        set_role(self, "card")
        self._shown: tuple[int, str, str, float] | None = None  # film, model with version, score
        self._in_lungs: float | None = None
        self._card: ModelCard | None = None
        self.switch = QCheckBox(tr("Heatmap"), self)
        self.switch.setToolTip(tr("Lay over the film where the model sees evidence."))
        self.switch.clicked.connect(self.heatmap_toggled)
        self.methods = MethodBox(self)
        # Else the longest title sets the card's width, which a narrow panel would cut off.
        self.methods.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.methods.activated.connect(lambda _: self._choose_as_reader())
        self.options = named_button(
            "…", tr("LIME's options"), tr("How LIME asks: samples, superpixels, seed"), self
        )
        self.options.clicked.connect(self.options_requested)
        self.layers = named_button(
            tr("Feature maps…"),
            tr("Feature maps"),
            tr("What each layer of the network makes of the film"),
            self,
        )
        self.layers.clicked.connect(self.feature_maps_requested)
        self.words = plain_label("muted", self)
        self.words.setToolTip(tr("Of the evidence for suspicion in the map, how much lies in the lungs."))
        self.doubts = plain_label("check", self)
        self.refusal = plain_label("check", self)
        self.running = RunningBar(tr("Progress of the map"), tr("Stop; the map before stays"), self)
        self.running.stop_requested.connect(self.stop_requested)
        self.superpixels = superpixel_box(self)
        self.superpixels.toggled.connect(self.superpixels_toggled)
        self.comparison = named_button(
            tr("Two models…"), tr("Two models"), tr("This film as two models judge it, side by side"), self
        )
        self.comparison.clicked.connect(self.comparison_requested)

        heading = QLabel(tr("EVIDENCE"), self)
        set_role(heading, "heading")
        more = QHBoxLayout()
        more.addWidget(self.layers)
        more.addWidget(self.comparison)
        more.addStretch(1)
        choice = QHBoxLayout()
        choice.addWidget(self.switch)
        choice.addWidget(self.methods, 1)
        choice.addWidget(self.options)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 10, 12, 10)
        layout.setSpacing(4)
        layout.addWidget(heading)
        layout.addLayout(choice)
        for part in (self.running, self.refusal, self.doubts, self.words, self.superpixels):
            layout.addWidget(part)
        layout.addLayout(more)
        self.show_film(None, None)

    @property
    def method(self) -> Method:
        """The one that the box shows."""
        return self.methods.method

    def show_film(self, film: Film | None, card: ModelCard | None) -> None:
        """A film with the map that came with its score; hidden where the film was not judged.

        Nothing changes while the same judgement of the same film is shown, from whatever standpoint.

        Args:
            card: of the model that would be asked, if there is one.
        """
        if card is not self._card:
            self._card = card
            self.methods.allow(*([card] if card is not None else []))
        judged = film is not None and film.prediction is not None and not film.prediction.out_of_scope
        self.setVisible(judged)
        prediction = film.prediction if film is not None else None
        shown = (film.id, *prediction.model, prediction.score) if film is not None and prediction else None
        if shown != self._shown:
            self._shown = shown
            self._in_lungs = prediction.evidence_in_lungs if prediction else None
            self.show_own_map()

    def show_own_map(self, own: Heatmap | None = None, film_shape: tuple[int, int] = (1, 1)) -> None:
        """The map that came with the score is the one on the film.

        Args:
            own: that map; None where it is yet to come.
            film_shape: (height, width).
        """
        self._settle(Method.CAM)
        share = self._in_lungs
        doubts = outside_lungs(share) if own is None else doubts_of_map(own, share, film_shape)
        self._write(share_text(share), doubts)

    def show_progress(self, method: Method, progress: Progress) -> None:
        """How far the answer is; what the map on the film is known for stays."""
        self._choose(method)
        self._refuse("")
        begins = self.running.isHidden()
        self.running.show_progress(progress)
        if begins:
            self.news.emit()

    def show_answer(self, method: Method, answer: Answer) -> None:
        """The answer's map is the one on the film."""
        self._settle(method)
        self._write("\n".join(evidence_sentences(method, answer)), answer.doubts)
        self.news.emit()

    def show_refusal(self, method: Method, reason: str, on_film: Method) -> None:
        """Why a method has no answer; the map before stays.

        Args:
            on_film: the method of the map on the film.
        """
        self._settle(on_film)
        self._refuse(f"{METHOD_TITLES[method]}: {reason}" if reason else "")
        self.news.emit()

    def show_stopped(self, on_film: Method) -> None:
        """Nothing runs any more; the map before stays.

        Args:
            on_film: the method of the map on the film.
        """
        self._settle(on_film)

    def set_heatmap(self, shown: bool) -> None:
        """Set the switch. `heatmap_toggled` is not emitted: the caller knows."""
        self.switch.setChecked(shown)

    def _choose_as_reader(self) -> None:
        self._choose(self.method)
        self.method_chosen.emit(self.method)

    def _choose(self, method: Method) -> None:
        self.methods.choose(method)
        self.options.setVisible(method is Method.LIME)

    def _settle(self, on_film: Method) -> None:
        self._choose(on_film)
        self.superpixels.setVisible(on_film is Method.LIME)
        self.running.hide()
        self._refuse("")

    def _write(self, words: str, doubts: Sequence[str]) -> None:
        self.words.setText(words)
        self.doubts.setText("\n".join(doubts))
        self.doubts.setVisible(bool(doubts))

    def _refuse(self, reason: str) -> None:
        """Why there is no answer; what is known of the map on the film stays."""
        self.refusal.setText(reason)
        self.refusal.setVisible(bool(reason))


def superpixel_box(parent: QWidget) -> QCheckBox:
    """The choice between LIME's map and what it was made of."""
    box = QCheckBox(tr("Superpixels"), parent)
    box.setToolTip(tr("The superpixels that LIME weighed: green for suspicion, red against it"))
    return box
