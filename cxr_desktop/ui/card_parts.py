"""The small parts that cards and pages are put together from."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QStyle, QToolButton, QWidget

from cxr_desktop.ui.theme import set_role


def plain_label(role: str, parent: QWidget) -> QLabel:
    """A label for words of any length, in a role of the theme; "" for the usual one."""
    label = QLabel(parent)
    label.setTextFormat(Qt.TextFormat.PlainText)  # a file's or a card's "<" is not a tag
    label.setWordWrap(True)
    if role:
        set_role(label, role)
    return label


def named_button(text: str, name: str, tip: str, parent: QWidget) -> QToolButton:
    """A small button.

    Args:
        name: what a screen reader calls it.
    """
    button = QToolButton(parent)
    button.setText(text)
    button.setAccessibleName(name)
    button.setToolTip(tip)
    return button


class _QuietScroll(QScrollArea):
    """As wide as what is in it needs: it scrolls up and down only, and must not cut off the right edge."""

    def minimumSizeHint(self) -> QSize:
        least = super().minimumSizeHint()
        inside = self.widget()
        if inside is None:
            return least
        bar = self.style().pixelMetric(QStyle.PixelMetric.PM_ScrollBarExtent)
        return least.expandedTo(QSize(inside.minimumSizeHint().width() + bar, 0))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:  # from inside, where it ends otherwise
            self.updateGeometry()
        return super().eventFilter(watched, event)


def quiet_scroll(widget: QWidget, parent: QWidget) -> QScrollArea:
    """What scrolls a column of cards where it is too long, and does not show otherwise."""
    scroll = _QuietScroll(parent)
    scroll.setWidget(widget)
    scroll.setWidgetResizable(True)
    scroll.setFrameShape(QFrame.Shape.NoFrame)
    scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return scroll
