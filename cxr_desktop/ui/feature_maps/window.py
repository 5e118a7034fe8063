"""The window of *Film → Feature maps*: what each layer of the network makes of the film in view."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QRadioButton,
    QSpinBox,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from cxr_desktop.domain.explanation import NO_LAYERS, FeatureMap, FilmLayers
from cxr_desktop.imaging.feature_grid import SCALE_WORDS
from cxr_desktop.language import tr
from cxr_desktop.ui.card_parts import named_button, plain_label
from cxr_desktop.ui.feature_maps.channel_grid import ChannelGrid
from cxr_desktop.ui.feature_maps.film_beside_channel import FilmBesideChannel
from cxr_desktop.ui.feature_maps.layer_list import LayerList, layer_words
from cxr_desktop.ui.feature_maps.tile import Tile

# One of the two that studies of feature maps look at.
_FIRST_CHANNEL = 3
# What there is to point at, on each page.
_ON_GRID = tr("Point at a channel for its range; click it to see it beside the film.")
_ON_PAIR = tr("Point at a place for its value; the cross marks about the same place on both.")


class FeatureMapsWindow(QDialog):
    """All channels of one layer, one channel of all layers, or one channel of one layer beside the film.

    Not modal. Layer, channel and size of the pictures stay from film to film.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setWindowTitle(tr("Feature maps"))
        self._layers: FilmLayers | None = None
        self._is_enlarged = False
        self.about = plain_label("muted", self)
        self.layer_list = LayerList(self)
        self.of_layer = QRadioButton(tr("All channels of a layer"), self)
        self.across = QRadioButton(tr("One channel of all layers"), self)
        self.of_layer.setChecked(True)
        self.channel = QSpinBox(self)
        self.channel.setAccessibleName(tr("Channel"))
        self.channel.setPrefix(tr("Channel") + " ")
        self.channel.setToolTip(tr("Counted from 0. Studies of feature maps look at channels 3 and 15."))
        self.channel.setMaximum(9999)
        self.channel.setMinimumWidth(self.channel.sizeHint().width())  # the same for any layer
        self.channel.setValue(_FIRST_CHANNEL)
        self.smaller = named_button("−", tr("Smaller"), tr("Smaller pictures (-)"), self)
        self.larger = named_button("+", tr("Larger"), tr("Larger pictures (+)"), self)
        self.back = named_button(tr("← Back"), tr("Back"), tr("Back to all of them (Esc)"), self)
        self.heading = plain_label("", self)
        self.grid = ChannelGrid(self)
        self.pair = FilmBesideChannel(self)
        self.message = plain_label("muted", self)
        self.message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.pointed = plain_label("", self)
        self.legend = plain_label("muted", self)
        self.legend.setText(SCALE_WORDS)
        self._pages = QStackedWidget(self)
        for page in (self.message, self.grid, self.pair):
            self._pages.addWidget(page)
        self._place()
        self._connect()
        self.show_message("")
        self.resize(QSize(1120, 780).boundedTo(self.screen().availableSize() * 0.9))
        self.layer_list.setFocus()

    # What is shown

    def show_about(self, words: str) -> None:
        """Says which film and which model it speaks of."""
        self.about.setText(words)

    def show_message(self, words: str) -> None:
        """A sentence in place of the layers: that they are being read, or why there are none."""
        self._layers = None
        self.grid.show_tiles((), named=False)
        self.pair.forget()
        self.message.setText(words)
        self._turn_to(self.message)

    def show_layers(self, layers: FilmLayers) -> None:
        """What a network makes of a film; one without layers says so."""
        if not layers.maps:
            self.layer_list.show_layers(())
            self.show_message(NO_LAYERS)
            return
        self._layers = layers
        self.layer_list.show_layers(layers.maps)
        self._show()

    @property
    def layer(self) -> FeatureMap | None:
        """The one that is chosen; None while there are none."""
        return self._layers.maps[self.layer_list.currentRow()] if self._layers is not None else None

    # How it is built

    def _place(self) -> None:
        ways = QHBoxLayout()
        for part in (self.of_layer, self.across, self.channel):
            ways.addWidget(part)
        ways.addStretch(1)
        for button in (self.smaller, self.larger, self.back):
            ways.addWidget(button)
        centre = QVBoxLayout()
        centre.addLayout(ways)
        centre.addWidget(self.heading)
        centre.addWidget(self._pages, 1)
        centre.addWidget(self.pointed)
        centre.addWidget(self.legend)
        panes = QHBoxLayout()
        panes.setSpacing(12)
        panes.addWidget(self.layer_list)
        panes.addLayout(centre, 1)
        layout = QVBoxLayout(self)
        layout.addWidget(self.about)
        layout.addLayout(panes, 1)
        for switch in (self.of_layer, self.across):
            switch.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # clicked, the arrow keys stay with the layers

    def _connect(self) -> None:
        self.layer_list.currentRowChanged.connect(lambda _: self._show())
        self.of_layer.toggled.connect(lambda _: self._go_back())
        self.channel.valueChanged.connect(lambda _: self._show_channel())
        self.smaller.clicked.connect(lambda: self.grid.step_side(-1))
        self.larger.clicked.connect(lambda: self.grid.step_side(1))
        self.back.clicked.connect(self._go_back)
        self.grid.tile_chosen.connect(self._enlarge_tile)
        self.grid.tile_hovered.connect(self._say_pointed)
        self.pair.place_hovered.connect(self._say_pointed)

    # How it is shown

    def _show(self) -> None:
        if self._layers is None or self.layer is None:
            return
        layer, maps = self.layer, self._layers.maps
        every = self.across.isChecked() and not self._is_enlarged
        self._limit(max(len(each.channels) for each in maps) if every else len(layer.channels))
        if self._is_enlarged:
            self._turn_to(self.pair)
        else:
            # Shown first: where a channel lies is known only on a page that has its size.
            self._turn_to(self.grid)
            tiles = [] if every else [Tile(layer, number) for number in range(len(layer.channels))]
            self.grid.show_tiles(tiles, named=every)
        self._show_channel()

    def _show_channel(self) -> None:
        """The channel's number, or what hangs on it, is another."""
        if self._layers is None or self.layer is None:
            return
        number, layer = self.channel.value(), self.layer
        if self._is_enlarged:
            tile = Tile(layer, number)
            self.pair.show_channel(self._layers.view, tile)
            size = layer_words(layer)
            self.heading.setText(f"{tile.words}. {size[:1].upper()}{size[1:]}.")
        elif self.across.isChecked():
            having = [each for each in self._layers.maps if len(each.channels) > number]
            lacking = [each.layer for each in self._layers.maps if len(each.channels) <= number]
            self.heading.setText(
                tr(
                    "Channel {number} of each layer that has one. Without such a channel: {layers}.",
                    number=number,
                    layers=", ".join(lacking),
                )
                if lacking
                else tr("Channel {number} of each layer that has one.", number=number)
            )
            self.grid.show_tiles([Tile(each, number) for each in having], named=True)
            self.grid.mark(next((n for n, each in enumerate(having) if each is layer), -1))
        else:
            self.heading.setText(
                tr("{layer}: {size}, counted from 0", layer=layer.layer, size=layer_words(layer))
            )
            self.grid.mark(number)

    def _turn_to(self, page: QWidget) -> None:
        self._pages.setCurrentWidget(page)
        for part in (self.layer_list, self.of_layer, self.across, self.channel, self.smaller, self.larger):
            part.setEnabled(page is not self.message)
        if self.focusWidget() is None:
            self.layer_list.setFocus()  # it lost the keyboard to nobody while it was disabled
        gone, there = ([self.back], [self.smaller, self.larger])
        if page is self.pair:
            gone, there = there, gone
        for button in gone:  # first: room for all at once would widen a small window
            button.hide()
        for button in there:
            button.show()
        for words in (self.heading, self.pointed, self.legend):
            words.setVisible(page is not self.message)
        self._say_pointed("")

    def _limit(self, channels: int) -> None:
        self.channel.blockSignals(True)
        self.channel.setMaximum(channels - 1)
        self.channel.blockSignals(False)

    def _say_pointed(self, words: str) -> None:
        hints = ("", _ON_GRID, _ON_PAIR)  # of the pages, in their order
        self.pointed.setText(words or hints[self._pages.currentIndex()])

    # What the reader does

    def _enlarge_tile(self, index: int) -> None:
        tile = self.grid.tiles[index]
        self._is_enlarged = True
        rows = [each.layer for each in self._layers.maps] if self._layers is not None else []
        self._quietly(lambda: self.layer_list.setCurrentRow(rows.index(tile.layer.layer)))
        self._limit(len(tile.layer.channels))
        self._quietly(lambda: self.channel.setValue(tile.number))
        self._show()

    def _enlarge(self) -> None:
        if self._layers is not None:
            self._is_enlarged = True
            self._show()

    def _go_back(self) -> None:
        self._is_enlarged = False
        self._show()

    def _quietly(self, change: Callable[[], None]) -> None:
        """Changes what is chosen without showing it in between."""
        for part in (self.layer_list, self.channel):
            part.blockSignals(True)
        change()
        for part in (self.layer_list, self.channel):
            part.blockSignals(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Escape if self._is_enlarged and self._layers is not None:
                self._go_back()
            case Qt.Key.Key_Up | Qt.Key.Key_PageUp:
                self.layer_list.step(-1)
            case Qt.Key.Key_Down | Qt.Key.Key_PageDown:
                self.layer_list.step(1)
            case Qt.Key.Key_Left:
                self.channel.stepDown()
            case Qt.Key.Key_Right:
                self.channel.stepUp()
            case Qt.Key.Key_Plus | Qt.Key.Key_Equal:
                self.grid.step_side(1)
            case Qt.Key.Key_Minus:
                self.grid.step_side(-1)
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self._enlarge()
            case _:
                super().keyPressEvent(event)
