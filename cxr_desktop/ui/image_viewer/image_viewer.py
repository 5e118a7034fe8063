"""The film with its toolbar: what the main window places in its centre."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QToolBar, QToolButton, QVBoxLayout, QWidget

from cxr_desktop.domain.explanation import Superpixels
from cxr_desktop.domain.geometry import Box
from cxr_desktop.domain.heat_look import HeatLook
from cxr_desktop.domain.prediction import Heatmap
from cxr_desktop.domain.radiograph import Radiograph
from cxr_desktop.language import tr
from cxr_desktop.ui.icons import themed_icon
from cxr_desktop.ui.image_viewer.caption import Caption
from cxr_desktop.ui.image_viewer.film_canvas import FilmCanvas
from cxr_desktop.ui.image_viewer.film_painter import Look
from cxr_desktop.ui.image_viewer.heat_menu import HeatMenu
from cxr_desktop.ui.image_viewer.presets import Preset, file_presets, full_range, region_presets
from cxr_desktop.ui.image_viewer.superpixel_renderer import SuperpixelRenderer
from cxr_desktop.ui.image_viewer.tools import Tool
from cxr_desktop.ui.image_viewer.viewer_actions import ViewerActions, explain
from cxr_desktop.ui.image_viewer.viewport import Orientation
from cxr_desktop.ui.theme import current_theme

KEY_ZOOM = 1.25


class ImageViewer(QWidget):
    """Shows one film at a time.

    `actions()` are all that can be done with a film, with texts, keys and tool tips.
    """

    heatmap_toggled = Signal(bool)
    look_changed = Signal(object)  # HeatLook
    window_changed = Signal(object)  # GreyTransform
    inverted_changed = Signal(bool)
    transform_changed = Signal(object)  # Viewport: scale, position and orientation
    underneath_changed = Signal(bool)

    def __init__(self, show_heatmap: bool, look: HeatLook, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.canvas = FilmCanvas(Look(show_heatmap, look))
        self.setFocusProxy(self.canvas)
        self._do = ViewerActions(self)
        self._presets: dict[QAction, Preset] = {}

        self._do.tools[self.canvas.tool].setChecked(True)
        self._do.heatmap.setChecked(show_heatmap)
        self._do.graphics.setChecked(True)
        self._window_menu = QMenu(tr("Window"), self)
        self._window_menu.setToolTipsVisible(True)
        self._window_button = QToolButton()
        self._window_button.setMenu(self._window_menu)
        self._window_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._window_button.setToolTip(tr("Windows of the file, and windows made from the film's values"))
        self._heat_menu = HeatMenu(look, self._do.contours)

        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        self._bar = self._tool_bar()
        layout.addWidget(self._bar)
        layout.addWidget(self.canvas, 1)
        self._connect()
        self._colour_icons()
        self.clear()

    # What the window asks for

    def show_film(
        self, radiograph: Radiograph, heatmap: Heatmap | None, lungs_box: Box | None, caption: Caption
    ) -> None:
        """Another film, fitted, in its file's window; tool, heatmap switch and look stay.

        Args:
            heatmap: None where there is none (yet).
            lungs_box: the rectangle around the lungs, for the window "Lungs"; None: not found (yet).
        """
        self._do.underneath.let_go()
        self.canvas.show_film(radiograph, caption)
        self._do.invert.setChecked(False)
        self.set_heatmap(heatmap, lungs_box)
        self._enable()

    def set_heatmap(self, heatmap: Heatmap | None, lungs_box: Box | None) -> None:
        """What scoring found on the film in view; zoom, window and measurements stay."""
        self._offer_windows(lungs_box)
        self.lay_map(heatmap)

    def lay_map(self, heatmap: Heatmap | None, superpixels: Superpixels | None = None) -> None:
        """Another map over the film in view, or none; all else stays.

        Args:
            superpixels: what the map was made of, to be drawn in its place.
        """
        self.canvas.set_heatmap(heatmap, superpixels)
        signed = heatmap is not None and heatmap.signed
        self._heat_menu.fit_to(signed=signed, superpixels=superpixels is not None)
        self._enable()

    def set_caption(self, caption: Caption) -> None:
        """Other words in the corners of the film in view."""
        self.canvas.set_caption(caption)

    def show_message(self, text: str) -> None:
        """A sentence in place of a film: that it is being read, or why it cannot be."""
        self.canvas.show_message(text)
        self._offer_windows(None)
        self._enable()

    def clear(self) -> None:
        """No film."""
        self.show_message("")

    def look_underneath(self, held: bool) -> None:
        """Take the heatmap away for a moment, and lay it back."""
        self.canvas.look.underneath = held
        self.canvas.update()
        self.underneath_changed.emit(held)

    def set_heatmap_shown(self, shown: bool) -> None:
        """Switch the heatmap, as its button does."""
        self._do.heatmap.setChecked(shown)

    def set_inverted(self, inverted: bool) -> None:
        """Show black as white and white as black, as its button does."""
        self._do.invert.setChecked(inverted)

    def set_look(self, look: HeatLook) -> None:
        """How heatmaps look, as its menu does."""
        self._heat_menu.set_look(look)

    # How it is built

    def _tool_bar(self) -> QToolBar:
        do = self._do
        bar = QToolBar(tr("Film"))
        bar.setMovable(False)
        bar.setIconSize(QSize(20, 20))
        bar.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)  # text where there is no icon
        bar.addActions(list(do.tools.values()))
        bar.addSeparator()
        bar.addWidget(self._window_button)
        bar.addAction(do.heatmap)
        bar.addWidget(self._heat_menu)
        bar.addSeparator()
        bar.addActions([do.invert, do.graphics])
        bar.addSeparator()
        # What a narrow window moves into the bar's extension comes last.
        bar.addActions([do.fit, do.actual_size, do.reset])
        bar.addSeparator()
        bar.addActions([do.rotate_left, do.rotate_right, do.flip_left_right, do.flip_top_bottom])
        return bar

    def _connect(self) -> None:
        do, canvas = self._do, self.canvas
        for tool, action in do.tools.items():
            action.triggered.connect(lambda _checked, chosen=tool: canvas.set_tool(Tool(chosen)))
        for action in do.windows:
            action.triggered.connect(self._choose_window)
        do.invert.toggled.connect(canvas.set_inverted)
        do.invert.toggled.connect(self.inverted_changed)
        do.reset.triggered.connect(self._reset)
        do.rotate_left.triggered.connect(lambda: self._turn(lambda lies: lies.rotated(-1)))
        do.rotate_right.triggered.connect(lambda: self._turn(lambda lies: lies.rotated(1)))
        do.flip_left_right.triggered.connect(lambda: self._turn(Orientation.flipped_left_right))
        do.flip_top_bottom.triggered.connect(lambda: self._turn(Orientation.flipped_top_bottom))
        do.fit.triggered.connect(canvas.fit)
        do.actual_size.triggered.connect(lambda: canvas.set_scale(1))
        do.double_size.triggered.connect(lambda: canvas.set_scale(2))
        do.zoom_in.triggered.connect(lambda: canvas.zoom(KEY_ZOOM))
        do.zoom_out.triggered.connect(lambda: canvas.zoom(1 / KEY_ZOOM))
        do.heatmap.toggled.connect(self._switch_heatmap)
        do.underneath.held_changed.connect(self.look_underneath)
        do.fainter.triggered.connect(lambda: self._heat_menu.step_opacity(-1))
        do.stronger.triggered.connect(lambda: self._heat_menu.step_opacity(1))
        do.more_evidence.triggered.connect(lambda: self._heat_menu.step_threshold(-1))
        do.less_evidence.triggered.connect(lambda: self._heat_menu.step_threshold(1))
        self._heat_menu.look_changed.connect(self._change_look)
        do.graphics.toggled.connect(self._switch_graphics)
        do.delete_measurement.triggered.connect(canvas.delete_measurement)
        canvas.measurement_selected.connect(do.delete_measurement.setEnabled)
        canvas.transform_changed.connect(self._name_window)
        canvas.transform_changed.connect(self.window_changed)
        canvas.viewport_changed.connect(self.transform_changed)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.StyleChange:
            self._colour_icons()
        super().changeEvent(event)

    def _colour_icons(self) -> None:
        theme = current_theme()
        self._do.colour(theme)
        # Qt's own arrow for what does not fit is black in either theme.
        extension = self._bar.findChild(QToolButton, "qt_toolbar_ext_button")
        if extension is not None:
            extension.setIcon(themed_icon("more", theme))
            extension.setToolTip(tr("More"))

    # What its actions do

    def _turn(self, change: Callable[[Orientation], Orientation]) -> None:
        if self.canvas.shown is not None:
            self.canvas.turn(change(self.canvas.shown.viewport.orientation))

    def _reset(self) -> None:
        if self.canvas.shown is not None:
            self._do.invert.setChecked(False)
            self.canvas.set_transform(self.canvas.shown.radiograph.transforms[0])
            self.canvas.turn(Orientation())
            self.canvas.fit()

    def _switch_heatmap(self, shown: bool) -> None:
        self.canvas.look.heat_shown = shown
        self.canvas.update()
        self._enable()
        self.heatmap_toggled.emit(shown)

    def _change_look(self, look: HeatLook) -> None:
        self.canvas.look.heat = look
        self.canvas.update()
        self.look_changed.emit(look)

    def _switch_graphics(self, shown: bool) -> None:
        self.canvas.look.overlay_shown = shown
        self.canvas.update()

    def _offer_windows(self, lungs_box: Box | None) -> None:
        """Fill the window menu with what the film in view has."""
        do, menu = self._do, self._window_menu
        self._presets = {}
        menu.clear()  # deletes the last film's own windows, which the menu owns
        if self.canvas.shown is None:
            self._name_window()
            return
        radiograph = self.canvas.shown.radiograph
        default, *others = file_presets(radiograph)
        self._offer(do.file_window, default)
        do.file_window.setText(default.name)
        for preset in others:
            action = QAction(preset.name, menu)
            action.triggered.connect(self._choose_window)
            self._offer(action, preset)
        menu.addSeparator()
        lungs, mediastinum, bones = region_presets(radiograph, lungs_box)
        self._offer(do.lungs_window, lungs, tr("From the values inside the rectangle around the lungs"))
        self._offer(do.mediastinum_window, mediastinum, tr("Opened for heart, vessels and spine"))
        self._offer(do.bones_window, bones, tr("More contrast in ribs and spine"))
        self._offer(do.full_range, full_range(radiograph))
        self._name_window()

    def _offer(self, action: QAction, preset: Preset, tip: str = "") -> None:
        if preset.transform is not None:
            self._presets[action] = preset
        if tip:
            explain(action, preset.reason or tip)
        action.setEnabled(preset.transform is not None)
        self._window_menu.addAction(action)

    def _choose_window(self) -> None:
        preset = self._presets.get(cast(QAction, self.sender()))
        if preset is not None and preset.transform is not None:
            self.canvas.set_transform(preset.transform)

    def _name_window(self) -> None:
        """The menu's button says which window is in force."""
        shown = self.canvas.shown
        names = (p.name for p in self._presets.values() if shown and p.transform == shown.transform)
        name = next(names, tr("Own window") if shown else tr("Windows"))
        self._window_button.setText(f"{name} ▾")

    def _enable(self) -> None:
        """Only what would do something can be asked for."""
        do, shown = self._do, self.canvas.shown
        own_ways = {*do.windows, do.graphics, do.delete_measurement, *do.of_a_heatmap}
        for action in self.actions():
            if action not in own_ways:
                action.setEnabled(shown is not None)
        if shown is None:
            for action in do.windows:
                action.setEnabled(False)
        self._window_button.setEnabled(shown is not None)
        has_graphics = shown is not None and shown.overlay is not None
        do.graphics.setVisible(has_graphics)  # few files have any: the bar is narrow
        do.graphics.setEnabled(has_graphics)
        heat_seen = shown is not None and shown.heat is not None and do.heatmap.isChecked()
        shades = shown is not None and not isinstance(shown.heat, SuperpixelRenderer)
        for action in do.of_a_heatmap:
            action.setEnabled(heat_seen and (shades or action not in do.of_shades))
        self._heat_menu.setEnabled(heat_seen)
        if not heat_seen:
            do.underneath.let_go()
