"""Icons from `resources/icons`, in the theme's colours and sharp at every device pixel ratio."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from cxr_desktop.resources import resources_folder
from cxr_desktop.ui.theme import Theme

# 20 logical pixels at ratios of 1 and 2; Qt scales for others. Each more costs the start some milliseconds.
SIZES = (20, 40)


def themed_icon(name: str, theme: Theme) -> QIcon:
    """A one-colour icon: the theme's text colour, on a switched-on button the one that is read there.

    Args:
        name: of the SVG file, without its ending; its lines are drawn in `currentColor`.
    """
    drawing = (resources_folder() / "icons" / f"{name}.svg").read_text(encoding="utf-8")
    icon = QIcon()
    for mode, state, colour in (
        (QIcon.Mode.Normal, QIcon.State.Off, theme.text),
        (QIcon.Mode.Normal, QIcon.State.On, theme.on_accent),
        (QIcon.Mode.Disabled, QIcon.State.Off, theme.border),
    ):
        renderer = QSvgRenderer(QByteArray(drawing.replace("currentColor", colour).encode()))
        for size in SIZES:
            icon.addPixmap(_drawn(renderer, size), mode, state)
    return icon


def _drawn(renderer: QSvgRenderer, size: int) -> QPixmap:
    pixmap = QPixmap(size, size)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    renderer.render(painter)
    painter.end()
    return pixmap
