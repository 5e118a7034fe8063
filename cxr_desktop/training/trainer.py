"""The trainer's process: what starts it, what runs in it, and what is told when it dies.

It is detached: closing the window, or the terminal, does not end it. All it says goes into its run's folder.
"""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from cxr_desktop.domain.errors import TrainingError
from cxr_desktop.language import tr
from cxr_desktop.training.child import ChildWork, start_child
from cxr_desktop.training.events import Event, EventFollower, EventLog, Failed, Finished, GivenUp, Resuming
from cxr_desktop.training.request import TrainingRequest
from cxr_desktop.training.run_folder import CONTROL_FILE, LOG_FILE, can_resume, drop_run
from cxr_desktop.training.run_lock import FolderInUse, check_free, locked
from cxr_desktop.training.share import keep_to

_TRAINER = ChildWork("cxr_desktop.training.trainer", "train-child")
_POLL_SECONDS = 0.2
_GRACE_SECONDS = 5
# The exit code of a trainer that found another one at work in its folder, and left it alone.
_IN_USE = 75
# A starter holds the lock for a moment to see whether it is free.
_TRIES, _WAIT_SECONDS = 10, 0.2


def start_training(request: TrainingRequest, folder: Path) -> subprocess.Popen[bytes]:
    """Starts a trainer and returns at once.

    Args:
        request: with `resume`, the interrupted run in the folder goes on.
        folder: the run's; made if need be. What an earlier run left in it is dropped, unless it goes on.

    Raises:
        TrainingError: there is no run to resume, or it is another one; there is one, and a new one would
            overwrite it; or a trainer is at work in the folder.
    """
    if request.resume:
        _check_resumable(request, folder)
    folder.mkdir(parents=True, exist_ok=True)
    with locked(folder):
        if request.resume:
            EventLog(folder).mend()
        else:
            _check_not_resumable(folder)
            drop_run(folder)
        (folder / CONTROL_FILE).unlink(missing_ok=True)  # a wish of before
        request.save(folder)
        if request.resume:
            EventLog(folder).append(Resuming())
    # Deterministic operations: an interrupted and resumed run then has the curve of an unbroken one. A user's
    # own setting goes before, for a GPU that lacks one of them.
    defaults = {"TF_DETERMINISTIC_OPS": "1"}
    with (folder / LOG_FILE).open("ab" if request.resume else "wb") as log:
        return start_child(_TRAINER, folder, log, detached=True, defaults=defaults)


def train_in_child(request: TrainingRequest, folder: Path, on_event: Callable[[Event], None]) -> None:
    """Trains in a process of its own and tells what happens there, until the bundle is in `request.output`.

    Args:
        folder: the run's, for events, checkpoints and the log.
        on_event: where it raises, the trainer is ended.

    Raises:
        TrainingError: there is no bundle; says why.
    """
    child, follower = _start(request, folder)
    last: Event | None = None
    try:
        while True:
            ended = child.poll() is not None  # asked first: what it wrote before its end is then read, too
            for event in follower.new_events():
                last = event
                on_event(event)
            if ended:
                break
            time.sleep(_POLL_SECONDS)
    except BaseException:  # also the terminal's Ctrl+C, which does not reach the detached child
        stop_training(child)
        raise
    if child.returncode == _IN_USE:
        raise FolderInUse
    if isinstance(last, GivenUp):
        raise TrainingError(tr("The training was cancelled; nothing of it is kept."))
    if not isinstance(last, Finished | Failed):
        last = Failed(death_notice(child.returncode, can_resume(folder)))
        EventLog(folder).append(last)
        on_event(last)
    if isinstance(last, Failed):
        raise TrainingError(last.reason)


def _start(request: TrainingRequest, folder: Path) -> tuple[subprocess.Popen[bytes], EventFollower]:
    """A trainer, and a follower of what it says, but not of what it said before an interruption."""
    if request.resume:
        check_free(folder)  # what is being told is not to be mended
        EventLog(folder).mend()
        follower = EventFollower(folder, from_now=True)
        return start_training(request, folder), follower
    return start_training(request, folder), EventFollower(folder)


def _check_resumable(request: TrainingRequest, folder: Path) -> None:
    try:
        before = TrainingRequest.load(folder)
    except (OSError, ValueError) as error:
        raise TrainingError(
            tr(
                "There is no interrupted run in the run's folder, so nothing can be resumed. Start "
                "without --resume."
            )
        ) from error
    different = request.differences(before)
    if different:
        raise TrainingError(
            tr(
                "The interrupted run in this folder differs from this one in {differences}, so it "
                "cannot be resumed. Ask for the same again, or start anew without --resume.",
                differences=", ".join(different),
            )
        )


def _check_not_resumable(folder: Path) -> None:
    if can_resume(folder):
        raise TrainingError(
            tr(
                "An interrupted run waits in the run's folder, and a new one would overwrite it. "
                "Go on with it (--resume), name another --run folder, or delete this one."
            )
        )


def stop_training(child: subprocess.Popen[bytes]) -> None:
    """Ends a trainer; its checkpoint and best weights stay in the run's folder."""
    child.terminate()
    try:
        child.wait(_GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def death_notice(returncode: int, resumable: bool) -> str:
    """Why a trainer that said nothing at its end is gone, as far as its exit tells.

    Args:
        resumable: whether it had finished an epoch, so that there is something to go on with.
    """
    why = why_dead(returncode)
    if not resumable:
        return tr("{why}. No epoch was finished, so nothing was kept. Start it again.", why=why)
    return tr(
        "{why}. The weights of the best epoch so far are kept in the run's folder. It can go "
        "on after its last whole epoch.",
        why=why,
    )


def why_dead(returncode: int) -> str:
    """What ended a process, as far as its exit tells; without the full stop."""
    if returncode == -getattr(signal, "SIGKILL", 9):
        return tr("The system ended the trainer, most often because the memory was full")
    if returncode < 0:
        return tr("The trainer was ended from outside ({signal})", signal=signal.Signals(-returncode).name)
    return tr("The trainer ended unexpectedly (exit code {code}); its log has the details", code=returncode)


def run_trainer(folder: Path) -> int:
    """Carries out the request that waits in a run's folder; the exit code is 0 where a bundle came of it.

    The folder is this process's alone until it ends, however it ends.
    """
    from cxr_desktop.training.run import run_training  # noqa: PLC0415 - the starter needs no decoders

    for _ in range(_TRIES):
        try:
            with locked(folder):
                request = TrainingRequest.load(folder)
                if request.cores is not None:
                    keep_to(request.cores)
                return 0 if run_training(request, folder) else 1
        except FolderInUse:
            time.sleep(_WAIT_SECONDS)
    return _IN_USE


if __name__ == "__main__":
    sys.exit(run_trainer(Path(sys.argv[1])))
