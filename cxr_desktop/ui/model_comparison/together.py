"""Two viewers of one film that are zoomed, moved, turned and windowed as one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TypeVar

from PySide6.QtCore import QObject, Qt

from cxr_desktop.ui.image_viewer import ImageViewer
from cxr_desktop.ui.image_viewer.viewport import Viewport

Change = TypeVar("Change")


class Together(QObject):
    """What is done to one viewer is done to the other.

    What reaches the other that way does not come back: its own signals are not passed on meanwhile.
    """

    def __init__(self, one: ImageViewer, other: ImageViewer, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._passing_on = False
        for giver, taker in ((one, other), (other, one)):
            giver.transform_changed.connect(self._once(partial(show_as, taker)))
            giver.window_changed.connect(self._once(taker.canvas.set_transform))
            giver.inverted_changed.connect(self._once(taker.set_inverted))
            giver.look_changed.connect(self._once(taker.set_look))
            giver.heatmap_toggled.connect(self._once(taker.set_heatmap_shown))
            giver.underneath_changed.connect(self._once(taker.look_underneath))
            # Both have the same keys: in one window they are obeyed by the viewer that has the keyboard.
            for action in giver.actions():
                action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)

    def _once(self, take: Callable[[Change], None]) -> Callable[[Change], None]:
        def pass_on(change: Change) -> None:
            if not self._passing_on:
                self._passing_on = True
                try:
                    take(change)
                finally:
                    self._passing_on = False

        return pass_on


def show_as(viewer: ImageViewer, viewport: Viewport) -> None:
    """Shows the same part of the same film at the same scale, lying alike, on a canvas of another size."""
    shown = viewer.canvas.shown
    if shown is None or shown.viewport.film_shape != viewport.film_shape:
        return
    size = shown.viewport.size
    if viewport.fitted:
        viewer.canvas.set_viewport(Viewport.fit(viewport.film_shape, size, viewport.orientation))
    else:
        viewer.canvas.set_viewport(replace(viewport, size=size))
