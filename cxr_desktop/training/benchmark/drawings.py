"""ROC curves and confusion matrices of all models, as SVG files beside the page."""

from __future__ import annotations

import io
import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from cxr_desktop.training.benchmark.rows import BenchmarkRow

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_COLUMNS = 5
_INCHES = 2.3  # a panel's side
_INK, _QUIET, _BLUE, _AMBER = "#1f2933", "#9aa5b1", "#1f6fb2", "#c77700"
_MOST_CORNERS = 80

_LABELS = ("normal", "pneumonia")


def roc_svg(rows: Sequence[BenchmarkRow]) -> bytes:
    """A panel a model: its curve, and on it the point that a score of 0.5 stands for."""

    def draw(axes: Axes, row: BenchmarkRow) -> None:
        figures = row.figures
        if figures is None:
            return
        points = _thinned(figures.roc)
        axes.plot([0, 1], [0, 1], color=_QUIET, linewidth=0.6, linestyle=(0, (2, 3)))
        axes.plot([x for x, _ in points], [y for _, y in points], color=_BLUE, linewidth=1.4)
        at_half = figures.at_half
        axes.plot(1 - at_half.specificity.value, at_half.sensitivity.value, "o", color=_AMBER, markersize=4)
        area = at_half.auc
        axes.text(
            0.97,
            0.06,
            f"AUC {area.value:.3f}\n{area.low:.3f}–{area.high:.3f}",
            ha="right",
            va="bottom",
            fontsize=8,
            color=_INK,
        )
        axes.set(
            xlim=(-0.02, 1.02), ylim=(-0.02, 1.02), xticks=(0, 0.5, 1), yticks=(0, 0.5, 1), aspect="equal"
        )

    return _panels(
        rows,
        draw,
        "ROC curves on the test films; the dot is a score of 0.5",
        "1 − recall for normal",
        "recall for pneumonia",
    )


def confusion_svg(rows: Sequence[BenchmarkRow]) -> bytes:
    """A panel a model: films by label and verdict at a score of 0.5, shaded by their share of the label."""

    def draw(axes: Axes, row: BenchmarkRow) -> None:
        if row.figures is None:
            return
        matrix = row.figures.at_half.confusion
        shares = [[count / max(sum(of_label), 1) for count in of_label] for of_label in matrix]
        axes.imshow(shares, cmap="Blues", vmin=0, vmax=1.3)
        for label, of_label in enumerate(matrix):
            for verdict, count in enumerate(of_label):
                share = shares[label][verdict]
                axes.text(
                    verdict,
                    label,
                    f"{count}\n{share:.0%}",
                    ha="center",
                    va="center",
                    fontsize=9,
                    color="white" if share > 0.7 else _INK,
                )
        axes.set_xticks((0, 1), _LABELS)
        axes.set_yticks((0, 1), _LABELS, rotation=90, va="center")

    return _panels(rows, draw, "Test films by label and verdict at a score of 0.5", "verdict", "label")


def _panels(
    rows: Sequence[BenchmarkRow],
    draw: Callable[[Axes, BenchmarkRow], None],
    title: str,
    x_label: str,
    y_label: str,
) -> bytes:
    # Without pyplot: no window system is asked, and no state is kept between two drawings.
    import matplotlib as mpl  # noqa: PLC0415 - most of a second to import, and only drawings need it
    from matplotlib.figure import Figure  # noqa: PLC0415

    shown = [row for row in rows if row.figures is not None]
    columns = max(1, min(_COLUMNS, len(shown)))
    lines = max(1, math.ceil(len(shown) / columns))
    style: Any = {
        "svg.hashsalt": "cxr-desktop",  # the same figures give the same file
        "svg.fonttype": "none",  # text stays text: smaller, and it can be searched
        "font.family": "sans-serif",
        "axes.edgecolor": _QUIET,
        "axes.linewidth": 0.6,
        "xtick.labelsize": 7,
        "ytick.labelsize": 7,
        "xtick.color": _INK,
        "ytick.color": _INK,
    }
    with mpl.rc_context(style):
        figure = Figure(
            figsize=(columns * _INCHES + 0.6, lines * (_INCHES + 0.25) + 0.9), layout="constrained"
        )
        grid = figure.subplots(lines, columns, squeeze=False)
        for axes in grid.flat[len(shown) :]:
            axes.set_axis_off()
        for axes, row in zip(grid.flat, shown, strict=False):
            draw(axes, row)
            axes.tick_params(length=2)
            mark = " (ours)" if row.kind == "ours" else ", cut" if row.state == "cut" else ""
            axes.set_title(row.id + mark, fontsize=8, color=_INK)
        figure.suptitle(title, fontsize=11, color=_INK)
        figure.supxlabel(x_label, fontsize=9, color=_INK)
        figure.supylabel(y_label, fontsize=9, color=_INK)
        buffer = io.BytesIO()
        figure.savefig(buffer, format="svg", facecolor="white", metadata={"Date": None})
    return buffer.getvalue()


def _thinned(points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Few enough points for a small panel: corners closer together than it can show are left out."""
    kept = [points[0]]
    for x, y in points[1:-1]:
        if abs(x - kept[-1][0]) + abs(y - kept[-1][1]) >= 2 / _MOST_CORNERS:
            kept.append((x, y))
    return [*kept, points[-1]]
