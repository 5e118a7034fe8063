"""A user's surroundings: an empty home, a display, no Python, no network; and what a program did there."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image, ImageGrab

from cxr_desktop.installer.product import COMMAND

WIDTH, HEIGHT = 1600, 1000
LONGEST_S = 120
_CALLS = "open,openat,creat,mkdir,mkdirat,rename,renameat,renameat2,link,linkat,symlink,symlinkat,connect"
_WRITING = re.compile(r"O_WRONLY|O_RDWR|O_CREAT")
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
# Not files: devices, and what processes tell of themselves. Local sockets and pipes have no path here.
_NO_FILES = ("/dev/", "/proc/", "/sys/")


class Surroundings:
    """One user's, in a folder that is emptied first."""

    def __init__(self, folder: Path):
        shutil.rmtree(folder, ignore_errors=True)
        self.home = folder / "home"
        self.out = self.home / "out"
        self._temporary = folder / "tmp"
        self._runtime = folder / "run"
        self._traces = folder / "traces"
        self._nothing = folder / "nothing"
        for each in (self.home, self.out, self._temporary, self._runtime, self._traces, self._nothing):
            each.mkdir(parents=True, mode=0o700)
        self._display = ""
        self._started = 0

    @property
    def environment(self) -> dict[str, str]:
        """All that a program finds: there is no program on its PATH, so no Python either."""
        return {
            "HOME": str(self.home),
            "PATH": str(self._nothing),
            "TMPDIR": str(self._temporary),
            "XDG_RUNTIME_DIR": str(self._runtime),
            "DISPLAY": self._display,
            "LANG": "C.UTF-8",
            "COLUMNS": "200",
        }

    @property
    def data(self) -> Path:
        """The program's own folder in the home."""
        return self.home / ".local" / "share" / COMMAND

    @contextmanager
    def display(self) -> Iterator[None]:
        """A screen of its own."""
        # Without -noreset it begins anew whenever its last client goes, and one that comes then hangs.
        size = ["-screen", "0", f"{WIDTH}x{HEIGHT}x24", "-nolisten", "tcp", "-noreset", "-displayfd", "1"]
        server = subprocess.Popen(["Xvfb", *size], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        try:
            assert server.stdout is not None
            self._display = f":{server.stdout.readline().decode().strip()}"
            yield
        finally:
            server.terminate()
            server.wait()

    def screenshot(self) -> Image.Image:
        """What is on the screen."""
        return ImageGrab.grab(xdisplay=self._display)

    def start(self, *command: object, watched: bool = False) -> subprocess.Popen[str]:
        """Starts a program in the home.

        Args:
            watched: its calls to the system are kept for `network` and `written`.
        """
        words = [str(word) for word in command]
        if watched:
            self._started += 1
            watch = ["-f", "-ff", "--seccomp-bpf", "-qq", "-y", "-s", "4096", "-e", f"trace={_CALLS}"]
            watch += ["-e", "signal=none", "-o", str(self._traces / str(self._started))]
            words = [str(shutil.which("strace")), *watch, *words]
        return subprocess.Popen(
            words,
            cwd=self.home,
            env=self.environment,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )

    def keys(self, title: str, *keys: str) -> None:
        """Presses keys in the window of this title, and waits for it first."""
        wait_until(lambda: self.shows(title), LONGEST_S)
        (window,) = self._xdotool("search", "--onlyvisible", "--name", f"^{title}").split()[-1:]
        self._xdotool("windowfocus", "--sync", window, "key", "--delay", "50", *keys)

    def shows(self, title: str) -> bool:
        """Whether there is a window whose title begins so; the system adds the program's name."""
        return bool(self._xdotool("search", "--onlyvisible", "--name", f"^{title}"))

    def network(self) -> list[str]:
        """What watched programs tried to reach outside."""
        return sorted({call for call in self._calls() if call.startswith("connect") and "AF_INET" in call})

    def written(self) -> list[str]:
        """The places that were written though they are neither the program's own nor asked for."""
        own = (self.data, self.home / ".local" / "state" / COMMAND, self.out, self._temporary, self._runtime)
        # The program makes its folders' parents, too.
        parents = {parent for folder in own for parent in folder.parents}
        found = set()
        for call in self._calls():
            place = _place_written(call)
            if place is not None and not place.startswith(_NO_FILES):
                path = self.home / place
                if path not in parents and not any(path.is_relative_to(each) for each in own):
                    found.add(str(path))
        return sorted(found)

    def left_behind(self) -> list[str]:
        """What still lies in the temporary folder."""
        return sorted(str(file.relative_to(self._temporary)) for file in self._temporary.rglob("*"))

    def _calls(self) -> Iterator[str]:
        """The calls that succeeded, and all attempts to connect."""
        for trace in self._traces.iterdir():
            for line in trace.read_text(encoding="utf-8", errors="replace").splitlines():
                if " = -1 E" not in line or line.startswith("connect"):
                    yield line

    def _xdotool(self, *words: str) -> str:
        environment = {"DISPLAY": self._display}
        command = [str(shutil.which("xdotool")), *words]
        answer = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        return answer.stdout


def _place_written(call: str) -> str | None:
    """The file or folder that a call made or opened to write; None where it did neither."""
    name = call.partition("(")[0]
    if name == "connect":
        return None
    if name.startswith("open") and not _WRITING.search(call):
        return None
    if name.startswith("open"):
        # The opened file as the system calls it, whatever it was asked for.
        opened = re.search(r"= \d+<(.*)>$", call)
        return opened[1] if opened else None
    paths = _QUOTED.findall(call)
    return str(paths[-1]) if paths else None


def check_alone() -> None:
    """Raises RuntimeError where there is a network besides the loopback."""
    names = {name for _, name in socket.if_nameindex()}
    if names != {"lo"}:
        raise RuntimeError(
            f"These are on the network: {', '.join(sorted(names))}. Start `python -m tests.installer`."
        )


def wait_until(what: Callable[[], bool], seconds: float, pause: float = 0.2) -> float:
    """Seconds until a function says yes.

    Raises:
        TimeoutError: it did not in time.
    """
    began = time.monotonic()
    while not what():
        if time.monotonic() - began > seconds:
            raise TimeoutError(f"Nothing came of it within {seconds:g} s.")
        time.sleep(pause)
    return time.monotonic() - began
