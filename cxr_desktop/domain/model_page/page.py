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
from cxr_desktop.domain.wording import ages_text, suspicion_in_words
from cxr_desktop.language import tr


def model_page(card: ModelCard, lung_finder: LungFinderCard | None = None) -> ModelPage:
    """A model's page.

    Args:
        lung_finder: the card of the network that looks at each film before it.
    """
    made = card.provenance
    sections = (
        _section(tr("What it is for"), _purpose(card)),
        _section(tr("Limits"), [Points(card.limits)] if card.limits else []),
        _section(tr("Operating points"), operating_points(card)),
        _section(tr("Figures"), figures_by_population(card)),
        _section(
            tr("What a probability means"),
            reliability(card.calibration, suspicion_in_words(card.suspicion_word)),
        ),
        _section(tr("Lungs and shortcuts"), shortcut_figures(card.shortcuts)),
        _section(tr("Films"), films(card)),
        _section(tr("How it was made"), making(card)),
        _section(tr("The lung finder before it"), lung_finder_before(lung_finder) if lung_finder else []),
        _section(tr("Licence and attribution"), owed(card, lung_finder)),
        _section(
            tr("Openings of the test films"), [Points(card.test_openings)] if card.test_openings else []
        ),
        _section(tr("Files"), files(card)),
    )
    which = {"id": card.id, "version": card.version, "created": made.created}
    return ModelPage(
        title=card.name,
        subtitle=tr("{id}, version {version}, made {created} by {person}", **which, person=made.created_by)
        if made.created_by
        else tr("{id}, version {version}, made {created}", **which),
        sections=tuple(section for section in sections if section.blocks),
    )


def _section(title: str, blocks: Iterable[Block]) -> Section:
    return Section(title, tuple(blocks))


def _purpose(card: ModelCard) -> Iterator[Block]:
    suspicious = tr(" or ").join(
        suspicion_in_words(label.name.lower()) for label in card.labels if label.suspicious
    )
    yield Paragraph(
        tr(
            "It looks at frontal chest radiographs and says how much each looks like {suspicious}, "
            "so that the most suspicious are read first. A person reads every film and decides; "
            "the figure is no diagnosis.",
            suspicious=suspicious,
        )
    )
    ages = ages_text(card.population)
    yield Paragraph(
        tr("It learned from: {films}.", films=card.population.description)
        + (" " + tr("Ages: {ages}.", ages=ages) if ages else "")
    )
    yield Points(
        (
            tr("Not for side views, other parts of the body, or other ways of imaging."),
            tr(
                "Not for findings other than {suspicious}: a film without suspicion need not be healthy.",
                suspicious=suspicious,
            ),
            tr("Not for leaving films unread."),
        )
    )
