"""All that a frozen program can be asked on its command line: what it lacks shows only when it is used."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from cxr_desktop.cli.exit_codes import NOT_FIT_TO_TRAIN_ON, SOME_UNREADABLE, WRONG_USAGE
from cxr_desktop.cli.explain import METHODS
from cxr_desktop.installer.product import NAME, VERSION, Edition
from tests.installer.films import A_CLASS, CLASSES

# The network that is trained: one of the smallest.
_SMALL = "tutorial-cnn-224"


@dataclass(frozen=True)
class Command:
    """One call.

    Attributes:
        words: behind the program's name.
        says: what its output must hold.
        codes: the exit codes that are right.
    """

    words: tuple[object, ...]
    says: str = ""
    codes: tuple[int, ...] = (0,)


def commands(edition: Edition, films: Path, dicom: Path, out: Path) -> list[Command]:
    """All of an edition, in an order in which each has what it needs.

    Args:
        films: a labelled folder.
        dicom: DICOM files, some of which nobody can read.
        out: an empty folder.
    """
    film = next((films / CLASSES[1]).iterdir())
    model = out / "cnn.cxrmodel"
    reading = [
        Command(("--version",), f"{NAME} {VERSION}"),
        Command(("--help",), "triage"),
        Command(("demo", "--headless"), "not installed", (WRONG_USAGE,)),
        Command(("models",), "xception"),
        Command(("models", "--card", "xception"), "pneumonia"),
        Command(("models", "--architectures"), _SMALL),
        Command(("models", "export", "cnn", model), "is in"),
        Command(("models", "import", model), "there already", (WRONG_USAGE,)),
        Command(("models", "use", "cnn"), "next start"),
        Command(("models", "use", "xception"), "next start"),
        Command(("models", "history"), "cnn"),
        Command(("triage", dicom, "--csv", out / "dicom.csv"), "RG1", (SOME_UNREADABLE,)),
        Command(("triage", film, "--heatmaps", out / "heatmaps", "--model", "cnn")),
        Command(("evaluate", films, "--shortcuts", "--json", out / "evaluation.json"), "AUC"),
        Command(("audit", films, "--json", out / "audit.json"), "", (0, NOT_FIT_TO_TRAIN_ON)),
        Command(("locked-test", "make", films)),
        Command(("locked-test", "show")),
        Command(("compare", "xception", "cnn", "--locked-test", "--json", out / "locked.json")),
        Command(("compare", "xception", "cnn", films, "--no-shortcuts"), "xception"),
        Command(("benchmark", "--report"), "published"),
    ]
    methods = [word for method in METHODS for word in ("--method", method)]
    reading.append(Command(("explain", film, "--output", out / "explained", "--model", "cnn", *methods)))
    asked = (films, "--output", out / "model", "--architecture", _SMALL, "--epochs", 1)
    training, estimate = ("train", *asked), ("train", "--estimate", *asked)
    if edition == "reader":
        refused = [
            Command(each, "full edition", (WRONG_USAGE,))
            for each in (training, estimate, ("benchmark", films))
        ]
        return [*reading, *refused]
    continued = ("train", films, "--output", out / "continued", "--continue-from", "cnn", "--epochs", 1)
    learning = [
        Command(estimate, f"over {2 * A_CLASS} films"),
        Command(training, "The model is in"),
        Command(("triage", film, "--model", out / "model")),
        Command(continued, "The model is in"),
    ]
    return [*reading, *learning]
