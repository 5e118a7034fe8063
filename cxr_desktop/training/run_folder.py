"""The names of what lies in a run's folder, for those who start a run and for those who carry it out."""

from __future__ import annotations

from pathlib import Path

REQUEST_FILE = "request.json"
EVENTS_FILE = "events.jsonl"
LOG_FILE = "trainer.log"
LOCK_FILE = "trainer.lock"
CONTROL_FILE = "control"
CHECKPOINT_FILE = "checkpoint.npz"
KEPT_WEIGHTS_FILE = "kept_weights.npz"
STORE_FILE = "films.u16"
# Empty; it is there once the reader has seen how the run ended.
SEEN_FILE = "seen"

# Written beside the file it replaces, so that a kill costs nothing that is there already.
FRESH = "new-"
# In the output folder: a bundle's file before its weights are halved.
UNFINISHED = "full-"


def can_resume(folder: Path) -> bool:
    """Whether an interrupted run with at least one whole epoch waits in a run's folder."""
    return (folder / REQUEST_FILE).is_file() and (folder / CHECKPOINT_FILE).is_file()


def drop_run(folder: Path) -> None:
    """Removes what an earlier run left, so that nothing of it is taken for the new one's."""
    for name in (EVENTS_FILE, CHECKPOINT_FILE, KEPT_WEIGHTS_FILE):
        (folder / name).unlink(missing_ok=True)
        (folder / f"{FRESH}{name}").unlink(missing_ok=True)
    drop_films(folder)


def drop_films(folder: Path) -> None:
    """Removes the network inputs, which only learning needs and a resumed run makes again."""
    for file in folder.glob(f"*{STORE_FILE}"):
        file.unlink(missing_ok=True)
