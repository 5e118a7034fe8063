"""What a person reads of a model: its card in words and tables, in the order in which one would ask."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cxr_desktop.domain.model_card import LungFinderCard, ModelCard
from cxr_desktop.domain.model_page.content import Block, ModelPage, Paragraph, Points, Section
from cxr_desktop.domain.model_page.figures import (
    figures_by_population,
    operating_points,
    reliability,
    shortcut_figures,
)
from cxr_desktop.domain.model_page.origins import files, films, lung_finder_before, making, owed
from cxr_desktop.domain.wording import ages_text


def model_page(card: ModelCard, lung_finder: LungFinderCard | None = None) -> ModelPage:
    """A model's page.

    Args:
        lung_finder: the card of the network that looks at each film before it.
    """
    made = card.provenance
    sections = (
        _section("What it is for", _purpose(card)),
        _section("Limits", [Points(card.limits)] if card.limits else []),
        _section("Operating points", operating_points(card)),
        _section("Figures", figures_by_population(card)),
        _section("What a probability means", reliability(card.calibration, card.suspicion_word)),
        _section("Lungs and shortcuts", shortcut_figures(card.shortcuts)),
        _section("Films", films(card)),
        _section("How it was made", making(card)),
        _section("The lung finder before it", lung_finder_before(lung_finder) if lung_finder else []),
        _section("Licence and attribution", owed(card, lung_finder)),
        _section("Openings of the test films", [Points(card.test_openings)] if card.test_openings else []),
        _section("Files", files(card)),
    )
    by = f" by {made.created_by}" if made.created_by else ""
    return ModelPage(
        title=card.name,
        subtitle=f"{card.id}, version {card.version}, made {made.created}{by}",
        sections=tuple(section for section in sections if section.blocks),
    )


def _section(title: str, blocks: Iterable[Block]) -> Section:
    return Section(title, tuple(blocks))


def _purpose(card: ModelCard) -> Iterator[Block]:
    suspicious = " or ".join(label.name.lower() for label in card.labels if label.suspicious)
    yield Paragraph(
        f"It looks at frontal chest radiographs and says how much each looks like {suspicious}, so that the "
        "most suspicious are read first. A person reads every film and decides; the figure is no diagnosis."
    )
    ages = ages_text(card.population)
    yield Paragraph(f"It learned from: {card.population.description}.{f' Ages: {ages}.' if ages else ''}")
    yield Points(
        (
            "Not for side views, other parts of the body, or other ways of imaging.",
            f"Not for findings other than {suspicious}: a film without suspicion need not be healthy.",
            "Not for leaving films unread.",
        )
    )
