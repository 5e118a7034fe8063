"""A recipe is changed where somebody asks for it, and nowhere else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cxr_desktop.domain.errors import TrainingError
from cxr_desktop.domain.tuning import Tuning
from cxr_desktop.training.architectures import ARCHITECTURES, architecture
from cxr_desktop.training.augment import Augmentation
from cxr_desktop.training.recipe import Stopping
from cxr_desktop.training.tuned import tuned

XCEPTION = architecture("xception")


def test_without_a_wish_the_record_stays_as_it_is() -> None:
    for record in ARCHITECTURES.values():
        assert tuned(record, Tuning()) == record


def test_each_wish_changes_its_own_part() -> None:
    changed = tuned(XCEPTION, Tuning(3, 1e-5, 8, 5, 96, "gentle", False, "oversampling"))
    assert (changed.epochs, changed.batch, changed.balance) == (3, 8, "oversampling")
    assert changed.optimiser == replace(XCEPTION.optimiser, learning_rate=1e-5)
    assert changed.stopping == Stopping(patience=5, keep="last")
    assert changed.input == replace(XCEPTION.input, height=96, width=96)
    assert changed.augmentation.rotation_deg == 7 and not changed.augmentation.flip_columns
    assert (changed.id, changed.build, changed.schedule) == (XCEPTION.id, XCEPTION.build, XCEPTION.schedule)


def test_a_network_kept_to_the_lungs_is_kept_to_them_however_its_films_are_varied() -> None:
    for variation in ("none", "gentle", "strong"):
        varied = tuned(XCEPTION, Tuning(variation=variation)).augmentation  # type: ignore[arg-type]
        assert varied.outside_lungs == XCEPTION.augmentation.outside_lungs
        assert varied.flip_columns == (variation != "none")
    plain = tuned(architecture("sharma-cnn"), Tuning(variation="none"))
    assert plain.augmentation == Augmentation()


def test_patience_of_none_never_ends_early() -> None:
    assert architecture("sharma-cnn").stopping.patience == 10
    assert tuned(architecture("sharma-cnn"), Tuning(patience=0)).stopping.patience is None


@pytest.mark.parametrize(
    "id", ["mukherjee-cnn", "sharma-xception", "sharma-cnn-deep", "hussan-cnn", "xception"]
)
def test_the_smallest_image_that_is_allowed_gives_a_network(id: str) -> None:
    record = next(each for name, each in ARCHITECTURES.items() if name.startswith(id))
    smallest = tuned(record, Tuning(image_size=record.least_side))
    network = smallest.build(smallest.input, 1)
    assert network.count_params() <= smallest.parameters * 1.01


def test_too_small_an_image_is_refused_with_what_is_needed() -> None:
    with pytest.raises(TrainingError, match=r"at least 71×71 pixels; 64×64 were chosen"):
        tuned(architecture("sharma-xception"), Tuning(image_size=64))
