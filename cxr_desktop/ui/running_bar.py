"""A bar with the time left, and the button that ends what runs."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QToolButton, QWidget

from cxr_desktop.domain.progress import Progress, duration
from cxr_desktop.language import tr


class RunningBar(QWidget):
    """Hidden until there is progress to show."""

    stop_requested = Signal()

    def __init__(self, name: str, stop_tip: str, parent: QWidget | None = None) -> None:
        """
        Args:
            name: of the progress, for assistive technology.
            stop_tip: what stopping leaves.
        """
        super().__init__(parent)
        self.bar = QProgressBar(self)
        self.bar.setAccessibleName(name)
        self.stop = QToolButton(self)
        self.stop.setText("✕")
        self.stop.setAccessibleName(tr("Stop"))
        self.stop.setToolTip(stop_tip)
        self.stop.clicked.connect(self.stop_requested)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.bar, 1)
        layout.addWidget(self.stop)
        self.hide()

    def show_progress(self, progress: Progress) -> None:
        self.bar.setRange(0, progress.total or 0)
        self.bar.setValue(progress.done)
        left = progress.seconds_left
        self.bar.setFormat(
            tr("{time} left", time=duration(left)) if left is not None and progress.done else tr("starting")
        )
        self.show()
