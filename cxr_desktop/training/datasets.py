"""What is known of a labelled folder beyond its files: split, population, licence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from cxr_desktop.domain.population import Population
from cxr_desktop.training.nih import ADULT_AGES, ADULTS

_NO_ADULT = "It has learned from no adult."
# With so many of a list's names in it, a folder is the set that the list is of.
_ENOUGH_OF_A_LIST = 0.9
_VALIDATION_LIST = Path(__file__).with_name("kermany_validation.txt")


@dataclass(frozen=True)
class Dataset:
    """A set of films.

    Attributes:
        trained_on: name, source and attribution, as a card gives them.
        test_films: its own test films in words, with their population.
        licence: under which a model trained on them can be passed on.
        validation: names of the films held out from training, or None to choose them by patient.
        split: how the held-out films were chosen, in words.
        limits: what a model trained on them must not be trusted with, a sentence each.
    """

    trained_on: str
    test_films: str
    population: Population
    licence: str
    validation: frozenset[str] | None = None
    split: str = "a tenth of the films, by patient, drawn with the seed"
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
        split=f"the list {_VALIDATION_LIST.name}: a tenth of train, by patient, the same for every model",
        limits=(
            "It was trained on films of children of 1 to 5 years, of one centre.",
            _NO_ADULT,
            "Its films show pneumonia or nothing. Other findings may raise or lower the score.",
            "It reads frontal films alone, without earlier films, history or laboratory.",
        ),
    )


def with_adults(dataset: Dataset) -> Dataset:
    """A set of films together with NIH's adults beside them."""
    population = dataset.population
    adults = (ADULT_AGES,) if population.ages else ()
    return replace(
        dataset,
        trained_on=f"{dataset.trained_on}; and {ADULTS}",
        population=replace(
            population,
            description=f"{population.description}; and a few hundred adults, frontal films",
            max_age_years=ADULT_AGES[1] if adults else None,
            age_ranges=(*population.ages, *adults),
        ),
        licence=f"{dataset.licence}; adult films of NIH: free to use with attribution",
        limits=(
            *(limit for limit in dataset.limits if limit != _NO_ADULT),
            "Of adults it has learned from a few hundred films, whose labels are often wrong.",
        ),
    )


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
    """The set that training films come from: a known one where its held-out films are among them.

    A few of them may be missing, as files get lost or damaged.

    Args:
        train_names: file names of the films that may be trained on.
    """
    known = kermany()
    if known.validation is not None and (
        len(known.validation & set(train_names)) >= _ENOUGH_OF_A_LIST * len(known.validation)
    ):
        return known
    return own_films()
