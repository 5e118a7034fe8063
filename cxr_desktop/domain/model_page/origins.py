"""The parts of a model's page that say where it comes from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cxr_desktop.domain.model_card import LungFinderCard, ModelCard, Provenance
from cxr_desktop.domain.model_page.content import Block, Paragraph, Points, Table
from cxr_desktop.domain.model_page.numbers import bare_estimate_text, sentence
from cxr_desktop.language import grouped, tr


def films(card: ModelCard) -> Iterator[Block]:
    yield Paragraph(sentence(card.provenance.trained_on))
    yield from _counts(card.provenance)


def _counts(made: Provenance) -> Iterator[Block]:
    labels = list(dict.fromkeys(label for by_label in made.counts.values() for label in by_label))
    if labels:
        yield Table(
            (tr("films by split"), *labels, tr("in all")),
            tuple(
                (
                    split,
                    *(grouped(by_label.get(label, 0)) for label in labels),
                    grouped(sum(by_label.values())),
                )
                for split, by_label in made.counts.items()
            ),
        )
    if made.data_sha256:
        yield Paragraph(tr("SHA-256 over the training films: {digest}", digest=made.data_sha256))


def making(card: ModelCard) -> Iterator[Block]:
    spec = card.input
    size = f"{spec.width} × {spec.height}"
    seen = tr("the rectangle around the lungs") if spec.crop == "lungs" else tr("the whole film")
    colours = tr("grey") if spec.channels == 1 else tr("grey on {channels} channels", channels=spec.channels)
    heat = card.heatmap
    how = tr("none") if heat is None else heat.method
    if heat and heat.layer:
        how = tr("{method}, layer {layer}", method=heat.method, layer=heat.layer)
    rows = [
        (tr("architecture"), card.provenance.architecture),
        (
            tr("sees"),
            tr(
                "{seen} at {size} pixels, {colours}, values from {low:g} to {high:g}",
                seen=seen,
                size=size,
                colours=colours,
                low=spec.low,
                high=spec.high,
            ),
        ),
        (tr("heatmap"), how),
        *((_words(name), text) for name, text in _flat(card.provenance.recipe)),
    ]
    yield Table((), tuple(rows))


def lung_finder_before(card: LungFinderCard) -> Iterator[Block]:
    yield Paragraph(
        tr(
            "It finds the lungs on each film first. Where there are no two side by side, the film "
            "is not judged."
        )
    )
    yield Table(
        (),
        (
            (tr("name"), tr("{name}, version {version}", name=card.name, version=card.version)),
            (tr("overlap with drawn lungs (Dice)"), bare_estimate_text(card.dice)),
            (tr("learned from"), card.provenance.trained_on),
            ("SHA-256", "; ".join(f"{name} {digest}" for name, digest in card.files.items())),
        ),
    )
    yield from _counts(card.provenance)


def owed(card: ModelCard, lung_finder: LungFinderCard | None) -> Iterator[Block]:
    rows = [(tr("this model"), card.licence)]
    if lung_finder is not None:
        rows.append((tr("the lung finder"), lung_finder.licence))
    yield Table((), tuple(rows))
    if card.attributions:
        yield Points(card.attributions)


def files(card: ModelCard) -> Iterator[Block]:
    if card.files:
        yield Table((tr("file"), "SHA-256"), tuple(card.files.items()))


def _flat(values: dict[str, Any], before: str = "") -> Iterator[tuple[str, str]]:
    """A recipe's values by name, those of nested ones with both names; what is not set is left out."""
    for name, value in values.items():
        match value:
            case dict():
                yield from _flat(value, f"{before}{name}, ")
            case None | "" | [] | ():
                continue
            case bool():
                yield before + name, tr("yes") if value else tr("no")
            case list() | tuple():
                yield before + name, ", ".join(str(each) for each in value)
            case _:
                yield before + name, str(value)


def _words(name: str) -> str:
    return name.replace("_", " ")
