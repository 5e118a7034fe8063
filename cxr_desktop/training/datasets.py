"""What is known of a labelled folder beyond its files: split, population, licence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from cxr_desktop.domain.model_card import Population

_VALIDATION_LIST = Path(__file__).with_name("kermany_validation.txt")


@dataclass(frozen=True)
class Dataset:
    """A set of films.

    Attributes:
        trained_on: name, source and attribution, as a card gives them.
        test_films: its own test films in words, with their population.
        licence: under which a model trained on them can be passed on.
        validation: names of the films held out from training, or None to choose them by patient.
        limits: what a model trained on them must not be trusted with, a sentence each.
    """

    trained_on: str
    test_films: str
    population: Population
    licence: str
    validation: frozenset[str] | None = None
    limits: tuple[str, ...] = ()


@cache
def kermany() -> Dataset:
    """The Kaggle `chest_xray` set, with the one list of held-out films that all models are chosen on."""
    return Dataset(
        trained_on=(
            "Chest X-ray Images (Pneumonia), Kermany, Zhang and Goldbaum, Mendeley Data "
            "10.17632/rscbjbr9sj, CC BY 4.0; the train split of the official Kaggle folder"
        ),
        test_films="624 official Kaggle test films, children 1–5 y, one centre",
        population=Population("children of 1 to 5 years, frontal films, one centre", 1, 5),
        licence="CC BY 4.0 (attribution: D. Kermany, K. Zhang, M. Goldbaum)",
        validation=frozenset(_VALIDATION_LIST.read_text(encoding="utf-8").split()),
        limits=(
            "It was trained on films of children of 1 to 5 years, of one centre, and on no adult.",
            "Its films show pneumonia or nothing. Other findings may raise or lower the score.",
            "It reads frontal films alone, without earlier films, history or laboratory.",
        ),
    )


def with_adults(dataset: Dataset) -> tuple[Population, tuple[str, ...]]:
    """Population and limits of a model that learned from NIH's adults beside a set of films."""
    population = Population(
        f"{dataset.population.description}; and a few hundred adults, frontal films, of another",
        dataset.population.min_age_years,
    )
    limits = tuple(
        "It was trained on children of one centre and a few hundred adults, whose labels are often wrong."
        if "no adult" in limit
        else limit
        for limit in dataset.limits
    )
    return population, limits


def own_films() -> Dataset:
    """Films that nothing is known of but their folders."""
    return Dataset(
        trained_on="A labelled folder of one's own",
        test_films="the test films of the labelled folder",
        population=Population("the films of a labelled folder of one's own"),
        licence="For use where the films may be used",
        limits=(
            "It knows no other films than those of the labelled folder, and has been tried on no others.",
        ),
    )


def dataset_of(train_names: Sequence[str]) -> Dataset:
    """The set that training films come from: a known one where all of its held-out films are among them.

    Args:
        train_names: file names of the films that may be trained on.
    """
    known = kermany()
    if known.validation is not None and known.validation <= set(train_names):
        return known
    return own_films()
