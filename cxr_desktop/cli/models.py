"""`cxr-desktop models`: what there is to score with; its verbs are in `model_verbs`."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from cxr_desktop.cli.common import model_library, printing, worded_errors
from cxr_desktop.cli.weights import remembered
from cxr_desktop.domain.meaning import point_figures
from cxr_desktop.domain.model_page import model_page, page_as_markdown
from cxr_desktop.training.architectures import ARCHITECTURES
from cxr_desktop.training.architectures.start import first_that_fits
from cxr_desktop.training.benchmark.table import estimate_text

models = typer.Typer()


@models.callback(invoke_without_command=True)
def list_models(
    context: typer.Context,
    card: Annotated[
        str | None,
        typer.Option(
            "--card", help="Print all that is told of one model: its id, or its folder.", metavar="ID"
        ),
    ] = None,
    architectures: Annotated[
        bool, typer.Option("--architectures", help="List the networks that can be trained instead.")
    ] = False,
) -> None:
    """List the models: bundled ones and this user's."""
    if context.invoked_subcommand is not None:
        return
    if card is not None:
        _print_page(card)
    elif architectures:
        _print_architectures()
    else:
        _print_list()


def _print_page(wanted: str) -> None:
    """A model's page as Markdown: what *Help → About this model* shows."""
    library = model_library()
    with worded_errors():
        card = library.find(wanted).card
    if card is not None:
        with printing():
            typer.echo(page_as_markdown(model_page(card, library.lung_finder_card())), nl=False)


def _print_list() -> None:
    table = Table(box=None, pad_edge=False)
    for heading in ("id", "version", "operating points", "figures", "population"):
        table.add_column(heading, overflow="fold")
    with worded_errors():
        entries = model_library().models()
    for entry in entries:
        card = entry.card
        if card is None:
            table.add_row(entry.folder.name, "", "", entry.problem, "")
            continue
        figures = "; ".join(
            f"{each.films}: AUC {estimate_text(each.auc)}, "
            f"sensitivity {each.sensitivity.value:.3f}, specificity {each.specificity.value:.3f}"
            for each in card.evaluations
        )
        points = "; ".join(
            f"{point.threshold:.3f}, {point_figures(point)}" for point in card.operating_points
        )
        table.add_row(card.id, card.version, points, figures, card.population.description)
    with printing():
        Console(highlight=False, markup=False).print(table)


def _print_architectures() -> None:
    table = Table(box=None, pad_edge=False)
    table.add_column("id", no_wrap=True)  # it is what --architecture wants, so nothing may break it
    for heading in ("network", "input", "parameters", "to be trained"):
        table.add_column(heading, overflow="fold")
    with worded_errors():
        files = remembered()
        for record in ARCHITECTURES.values():
            size = f"{record.input.height}×{record.input.width}×{record.input.channels}"
            at_hand = record.pretrained is None or first_that_fits(files, record.pretrained)
            ready = "yes"
            if record.pretrained is not None and not at_hand:
                ready = f"needs {record.pretrained.file}: train --weights FILE, once"
            table.add_row(record.id, record.name, size, f"{record.parameters:,}", ready)
    with printing():
        Console(highlight=False, markup=False).print(table)
