"""The trainer's process: what starts it, what runs in it, and what is told when it dies.

It is detached: closing the window, or the terminal, does not end it. All it says goes into its run's folder.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from cxr_desktop.domain.errors import Cancelled, TrainingError
from cxr_desktop.training.events import Event, EventFollower, EventLog, Failed, Finished
from cxr_desktop.training.request import TrainingRequest
from cxr_desktop.training.run_folder import LOG_FILE, drop_run

_POLL_SECONDS = 0.2
_GRACE_SECONDS = 5


def trainer_command(folder: Path) -> list[str]:
    """What starts a trainer on a run's folder. A frozen program has no interpreter but itself."""
    if getattr(sys, "frozen", False):
        return [sys.executable, "train-child", str(folder)]
    return [sys.executable, "-m", "cxr_desktop.training.trainer", str(folder)]


def start_training(
    request: TrainingRequest, folder: Path, threads: int | None = None
) -> subprocess.Popen[bytes]:
    """Starts a trainer and returns at once.

    Args:
        request: with `resume`, the interrupted run in the folder goes on.
        folder: the run's; made if need be. What an earlier run left in it is dropped, unless it goes on.
        threads: cores that it may use; None for all.

    Raises:
        TrainingError: there is no run to resume, or it is another one.
    """
    if request.resume:
        _check_resumable(request, folder)
        EventLog(folder).mend()
    else:
        folder.mkdir(parents=True, exist_ok=True)
        drop_run(folder)
    request.save(folder)
    # Deterministic operations: an interrupted and resumed run then has the curve of an unbroken one. A user's
    # own setting goes before, for a GPU that lacks one of them.
    environment = {"TF_DETERMINISTIC_OPS": "1"} | os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3"}
    if threads is not None:
        environment |= dict.fromkeys(
            ("OMP_NUM_THREADS", "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS"), str(threads)
        )
    # Windows has no sessions; a process group of its own keeps the terminal's Ctrl+C away there.
    detached = getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)
    with (folder / LOG_FILE).open("ab" if request.resume else "wb") as log:
        return subprocess.Popen(
            trainer_command(folder),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            env=environment,
            creationflags=detached,
            start_new_session=True,
        )


def train_in_child(
    request: TrainingRequest,
    folder: Path,
    on_event: Callable[[Event], None],
    is_cancelled: Callable[[], bool] = lambda: False,
) -> None:
    """Trains in a process of its own and tells what happens there, until the bundle is in `request.output`.

    Args:
        folder: the run's, for events, checkpoints and the log.

    Raises:
        TrainingError: there is no bundle; says why.
        Cancelled: `is_cancelled` said so; the trainer has been ended.
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
            if is_cancelled():
                raise Cancelled
            time.sleep(_POLL_SECONDS)
    except BaseException:  # also the terminal's Ctrl+C, which does not reach the detached child
        stop_training(child)
        raise
    if not isinstance(last, Finished | Failed):
        last = Failed(death_notice(child.returncode))
        EventLog(folder).append(last)
        on_event(last)
    if isinstance(last, Failed):
        raise TrainingError(last.reason)


def _start(request: TrainingRequest, folder: Path) -> tuple[subprocess.Popen[bytes], EventFollower]:
    """A trainer, and a follower of what it says, but not of what it said before an interruption."""
    if request.resume:
        EventLog(folder).mend()
        follower = EventFollower(folder, from_now=True)
        return start_training(request, folder), follower
    return start_training(request, folder), EventFollower(folder)


def _check_resumable(request: TrainingRequest, folder: Path) -> None:
    try:
        before = TrainingRequest.load(folder)
    except (OSError, ValueError) as error:
        raise TrainingError(
            "There is no interrupted run in the run's folder, so nothing can be resumed. Start without "
            "--resume."
        ) from error
    different = request.differences(before)
    if different:
        raise TrainingError(
            f"The interrupted run in this folder differs from this one in {', '.join(different)}, so it "
            "cannot be resumed. Ask for the same again, or start anew without --resume."
        )


def stop_training(child: subprocess.Popen[bytes]) -> None:
    """Ends a trainer; its checkpoint and best weights stay in the run's folder."""
    child.terminate()
    try:
        child.wait(_GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def death_notice(returncode: int) -> str:
    """Why a trainer that said nothing at its end is gone, as far as its exit tells."""
    if returncode == -getattr(signal, "SIGKILL", 9):
        why = "The system ended the trainer, most often because the memory was full"
    elif returncode < 0:
        why = f"The trainer was ended from outside ({signal.Signals(-returncode).name})"
    else:
        why = f"The trainer ended unexpectedly (exit code {returncode}); its log has the details"
    return (
        f"{why}. The weights of the best epoch so far are kept in the run's folder. Start it again with "
        "--resume to go on after the last whole epoch."
    )


def run_trainer(folder: Path) -> int:
    """Carries out the request that waits in a run's folder; the exit code is 0 where a bundle came of it."""
    from cxr_desktop.training.run import run_training  # noqa: PLC0415 - the starter needs no decoders

    return 0 if run_training(TrainingRequest.load(folder), folder) else 1


if __name__ == "__main__":
    sys.exit(run_trainer(Path(sys.argv[1])))
