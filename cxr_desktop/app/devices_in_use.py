"""What the networks of an open window run on: found once, shared by all of them, and told of."""

from __future__ import annotations

import sys
import threading
from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal

from cxr_desktop.domain.errors import EngineError
from cxr_desktop.inference.devices import (
    Device,
    cpu,
    find_devices,
    left_sentence,
    offered_providers,
    runtime_conflict,
    threads_beside_a_window,
)
from cxr_desktop.inference.graphics_cards import advice, find_makers
from cxr_desktop.ui.notice_bar import NoticeBar
from cxr_desktop.ui.status_line import StatusLine


class DevicesInUse(QObject):
    """The devices of one window; any thread may ask for them.

    Signals:
        device_left: what to say of a device that failed, and what is used from now on.
        advice_found: what to install so that a graphics card is used.
    """

    device_left = Signal(str, str)
    advice_found = Signal(str)

    def __init__(self, notices: NoticeBar, status: StatusLine, parent: QObject) -> None:
        super().__init__(parent)
        self._notices = notices
        self._status = status
        self._lock = threading.Lock()
        self._accelerators: Sequence[Device] | None = None
        self.device_left.connect(self._show_left)
        self.advice_found.connect(status.show_device_advice)

    def devices(self, threads: int) -> list[Device]:
        """Those to try, best first; the processor, with so many threads, last.

        A graphics card is the same object each time: where one network leaves it, all others do.
        """
        with self._lock:
            if self._accelerators is None:
                self._accelerators = find_devices(threads_beside_a_window(), on_left=self._tell_left)[:-1]
            return [*self._accelerators, cpu(threads)]

    def look_around(self) -> None:
        """Looks for graphics cards that nothing uses; on a thread of its own, as it takes a moment.

        Raises:
            EngineError: several packages of ONNX Runtime overwrite each other.
        """
        found = advice(find_makers(), offered_providers(), sys.platform)
        if found:
            self.advice_found.emit(found)
        conflict = runtime_conflict()
        if conflict:
            raise EngineError(conflict)

    def _show_left(self, sentence: str, now: str) -> None:
        self._notices.say(sentence)
        self._status.show_device(now)

    def _tell_left(self, device: Device) -> None:
        now = next(each for each in self.devices(threads_beside_a_window()) if not each.is_left)
        self.device_left.emit(left_sentence(device), now.name)
