"""`cxr-desktop models`: what there is to score with."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table

from cxr_desktop.cli.common import model_library, worded_errors


def models() -> None:
    """List the models: bundled ones and this user's."""
    table = Table(box=None, pad_edge=False)
    for heading in ("id", "version", "operating point", "test figures", "population"):
        table.add_column(heading, overflow="fold")
    with worded_errors():
        entries = model_library().models()
    for entry in entries:
        card = entry.card
        if card is None:
            table.add_row(entry.folder.name, "", "", entry.problem, "")
            continue
        figures = "; ".join(
            f"{each.films}: AUC {each.auc.value:.3f} ({each.auc.low:.3f}–{each.auc.high:.3f}), "
            f"sensitivity {each.sensitivity.value:.3f}, specificity {each.specificity.value:.3f}"
            for each in card.evaluations
        )
        threshold = f"{card.operating_point.threshold:.3f}"
        table.add_row(card.id, card.version, threshold, figures, card.population.description)
    Console(highlight=False, markup=False).print(table)
