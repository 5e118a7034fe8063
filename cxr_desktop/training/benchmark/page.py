"""BENCHMARK.md: the rows as a page that a person reads."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cxr_desktop.training.benchmark.rows import BenchmarkRow, Figures, TrainingFacts
from cxr_desktop.training.benchmark.table import NOTHING, Line, estimate_text

_HEAD = """# The reference systems, trained again

Every system of the five reference studies, built and trained from its published recipe and judged in the
engine that ships, beside the figures that its study reports; and the bundles that come with this program.
Written by

```sh
cxr-desktop benchmark FOLDER --weights xception_imagenet_notop.h5
```

A row that stands is not trained again; `--only ID` takes one model, `--report` prints this table.

**Films.** The official Kaggle set of Kermany et al. (CC BY 4.0), children of 1 to 5 years, one centre. A
tenth of its `train` side, chosen once by patient and the same for every model, is held out: early stopping,
the epoch kept, calibration and operating point are taken from it. The `test` films are opened on the day
that a row is made, for the bundle's card and for the row, and only to be reported: nothing is chosen on them.

**Figures.** Accuracy, both recalls and the loss are measured as the studies measure them: the network's own
score, not calibrated, against a threshold of 0.5. *Calibrated* is what this program does with the same
network: the default operating point of its card. Brackets hold 95 % intervals: Wilson's for shares, DeLong's
for the AUC. Two models whose intervals overlap widely are not told apart by these films.
"""

_DIFFERENCES = """## What differs from the studies

- Validation films are chosen by patient, from `train` alone. Study 002 splits by image, so that films of one
  child may be on both sides; the official `val` side has 16 films, on which chance decides.
- Each row is one training with one seed. So is a study's figure; repeated, the accuracy at 0.5 can move by
  several percent while the AUC hardly does.
- The loss is the cross-entropy of the score for pneumonia alone, without the L2 terms that Keras adds while
  training. A network with ten outputs, or with a sigmoid for each class, is measured likewise.
- Where a study leaves something open, or where its program does something else than its text declares, the
  declared recipe is built; the notes say what was chosen.
- A network that was trained on grey repeated over three channels may be judged with its first kernels summed
  to one channel: the same function.
- A row marked *cut* was given fewer minutes or epochs than its recipe allows, and might do better with all.
"""


def page(lines: Sequence[Line], roc: str = "", confusion: str = "") -> str:
    """The page.

    Args:
        roc, confusion: file names of the figures beside the page; empty where there are none.
    """
    ours = [line for line in lines if line.ours]
    studies = [line for line in lines if not line.ours]
    parts = [_HEAD, "## Figures\n", _figures(studies)]
    if ours:
        parts += ["### Bundles that ship\n", _figures(ours)]
    if roc:
        parts.append(f"## Curves\n\n![ROC curve of each model on the test films]({roc})\n")
    if confusion:
        parts.append(f"![Confusion matrix of each model at a score of 0.5]({confusion})\n")
    parts += ["## By class\n", _classes(lines), "## Training\n", _training(lines)]
    parts += ["## Notes\n", _notes(lines), _DIFFERENCES, _made_with([line.row for line in lines])]
    return "\n".join(part for part in parts if part)


def _figures(lines: Iterable[Line]) -> str:
    heading = (
        "model",
        "published accuracy",
        "published P / N",
        "published loss",
        "accuracy",
        "recall for pneumonia",
        "recall for normal",
        "AUC",
        "loss",
        "calibrated: sensitivity",
        "calibrated: specificity",
    )
    rows = []
    for line in lines:
        figures = line.row.figures if line.row is not None else None
        published = (line.published_accuracy, line.published_recalls, line.published_loss)
        rows.append((f"`{line.id}`", *published, *_cells(line, figures)))
    return _table(heading, rows)


def _cells(line: Line, figures: Figures | None) -> tuple[str, ...]:
    if figures is None:
        return (line.notes[0] if line.notes else "not trained yet", *[NOTHING] * 6)
    raw, ours = figures.at_half, figures.calibrated
    cut = " *cut*" if line.row is not None and line.row.state == "cut" else ""
    return (
        estimate_text(raw.accuracy) + cut,
        estimate_text(raw.sensitivity),
        estimate_text(raw.specificity),
        estimate_text(raw.auc),
        f"{figures.loss:.4f}",
        estimate_text(ours.sensitivity),
        estimate_text(ours.specificity),
    )


def _classes(lines: Iterable[Line]) -> str:
    rows = [
        (
            f"`{line.id}`",
            each.label,
            f"{each.precision:.3f}",
            f"{each.recall:.3f}",
            f"{each.f1:.3f}",
            str(each.support),
        )
        for line in lines
        if line.row is not None and line.row.figures is not None
        for each in line.row.figures.classes
    ]
    return _table(("model", "class", "precision", "recall", "F1", "support"), rows)


def _training(lines: Iterable[Line]) -> str:
    rows = []
    for line in lines:
        row = line.row
        if row is None or row.figures is None:
            continue
        parameters = f"{row.parameters:,}" if row.parameters is not None else NOTHING
        rows.append((f"`{line.id}`", line.name, parameters, *_training_cells(row.training), row.made))
    heading = (
        "model",
        "network",
        "parameters",
        "epochs",
        "best",
        "s an epoch",
        "limit",
        "seed",
        "ended because",
        "made",
    )
    return _table(heading, rows)


def _training_cells(facts: TrainingFacts | None) -> tuple[str, ...]:
    if facts is None:
        return (*[NOTHING] * 5, "see its card")
    limit = f"{facts.minutes:g} min" if facts.minutes is not None else NOTHING
    return (
        f"{facts.epochs} of {facts.most_epochs}",
        str(facts.best_epoch),
        f"{facts.seconds_per_epoch:.1f}",
        limit,
        str(facts.seed),
        facts.ended,
    )


def _notes(lines: Iterable[Line]) -> str:
    noted = [f"- `{line.id}`: {'; '.join(line.notes)}." for line in lines if line.notes]
    return "\n".join(noted) + "\n" if noted else "None.\n"


def _made_with(rows: Iterable[BenchmarkRow | None]) -> str:
    made = [row for row in rows if row is not None and row.figures is not None]
    versions = sorted({", ".join(f"{name} {v}" for name, v in row.versions.items()) for row in made})
    data = sorted({row.training.data_sha256 for row in made if row.training is not None})
    devices = sorted({row.training.device for row in made if row.training is not None})
    test = sorted({row.test_sha256 for row in made})
    said = [f"- {each}" for each in versions]
    said += [f"- trained on: {', '.join(devices)}"] if devices else []
    said += [f"- training films, SHA-256 over their sorted digests: `{each}`" for each in data]
    said += [f"- test films, likewise: `{each}`" for each in test]
    return "## Made with\n\n" + "\n".join(said) + "\n" if said else ""


def _table(heading: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    if not rows:
        return "None yet.\n"
    lines = [heading, ["---"] * len(heading), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', '/') for cell in line)} |" for line in lines) + "\n"
