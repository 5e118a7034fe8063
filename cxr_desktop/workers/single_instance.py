"""One window per catalogue: a second start hands its paths over and ends."""

from __future__ import annotations

import hashlib
import json
import logging
import time
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QLockFile, QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from cxr_desktop.domain.errors import CatalogueError
from cxr_desktop.language import tr

log = logging.getLogger(__name__)

# How long a second start waits for the first, which may still be loading or asking about its catalogue.
PATIENCE_S = 15.0
ANSWER_MS = 3000
LARGEST_MESSAGE = 16 * 2**20


class SingleInstance(QObject):
    """The lock on a catalogue, and the ear for later starts.

    The lock is a QLockFile, which knows when its process is dead, so a crash never locks the reader out.
    """

    paths_received = Signal(object)  # tuple[Path, ...]; empty: only raise the window

    def __init__(self, catalogue: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        digest = hashlib.blake2b(str(catalogue.resolve()).encode(), digest_size=8).hexdigest()
        self._name = f"cxr-desktop-{digest}"
        self._lock = QLockFile(str(catalogue.with_name(f".{catalogue.name}.lock")))
        self._lock.setStaleLockTime(0)  # judge by the process alone, never by age
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._listen_to_one)
        self._received: dict[QLocalSocket, bytearray] = {}

    def acquire(self) -> bool:
        """Whether this process is the one; False where another window holds the catalogue.

        Raises:
            CatalogueError: nothing can be written beside the catalogue.
        """
        if self._lock.tryLock(0):
            return True
        if self._lock.error() is not QLockFile.LockError.LockFailedError:
            raise CatalogueError(
                tr(
                    "Nothing can be written beside the catalogue. Check its folder’s rights, or "
                    "choose another place with --catalogue."
                )
            )
        return False

    def listen(self) -> None:
        """Takes the paths of later starts from now on; only for the process that holds the lock."""
        QLocalServer.removeServer(self._name)  # what a crash may have left
        if not self._server.listen(self._name):
            log.warning("later starts cannot hand their films over: %s", self._server.errorString())

    def hand_over(self, paths: Sequence[Path]) -> bool:
        """Sends paths to the window that holds the lock; whether it took them."""
        socket = self._connected()
        if socket is None:
            return False
        message = json.dumps([str(path.resolve()) for path in paths]).encode()
        socket.write(message + b"\n")
        sent = socket.waitForBytesWritten(ANSWER_MS)
        # The answer says that the window has it, not only its mailbox.
        answered = sent and socket.waitForReadyRead(ANSWER_MS)
        socket.disconnectFromServer()
        return bool(answered)

    def _connected(self) -> QLocalSocket | None:
        deadline = time.monotonic() + PATIENCE_S
        while True:
            socket = QLocalSocket()
            socket.connectToServer(self._name)
            if socket.waitForConnected(ANSWER_MS):
                return socket
            if time.monotonic() > deadline:
                return None
            time.sleep(0.1)

    def close(self) -> None:
        self._server.close()
        for socket in tuple(self._received):
            socket.abort()  # which lets go of it
        self._lock.unlock()

    def _listen_to_one(self) -> None:
        socket = self._server.nextPendingConnection()
        self._received[socket] = bytearray()
        # Methods, not functions that hold the socket: such a ring would be freed at any time, on any thread.
        socket.readyRead.connect(self._receive)
        socket.disconnected.connect(self._forget)

    def _receive(self) -> None:
        socket = self.sender()
        if not isinstance(socket, QLocalSocket) or socket not in self._received:
            return
        message = self._received[socket]
        message += bytes(socket.readAll().data())
        if len(message) > LARGEST_MESSAGE:
            socket.abort()
        elif message.endswith(b"\n"):
            try:
                names = json.loads(message)
                paths = tuple(Path(name) for name in names)
            except (ValueError, TypeError):
                socket.abort()
                return
            socket.write(b"ok\n")
            socket.flush()
            self.paths_received.emit(paths)

    def _forget(self) -> None:
        socket = self.sender()
        if isinstance(socket, QLocalSocket) and self._received.pop(socket, None) is not None:
            socket.deleteLater()
