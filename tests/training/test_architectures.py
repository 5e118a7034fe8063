"""The networks are the published ones."""

from __future__ import annotations

import pytest

from cxr_desktop.domain.errors import TrainingError
from cxr_desktop.training.architectures import ARCHITECTURES, architecture


@pytest.mark.parametrize("id", sorted(ARCHITECTURES))
def test_a_network_has_as_many_parameters_as_published(id: str) -> None:
    record = architecture(id)
    model = record.build(record.input, 1)
    assert model.count_params() == record.parameters == 3_312_961
    assert model.input_shape == (None, 128, 128, 3)
    assert model.output_shape == (None, 1)


def test_the_augmented_network_is_trained_as_study_002_says() -> None:
    record = architecture("sharma-cnn-deep-aug")
    assert (record.batch, record.stopping.patience) == (214, 10)
    ranges = record.augmentation
    assert (ranges.rotation_deg, ranges.row_shift, ranges.column_shift) == (40, 0.2, 0.2)
    assert (ranges.shear_deg, ranges.zoom, ranges.flip_columns, ranges.flip_rows) == (0.3, 0.1, False, False)


def test_more_than_two_classes_get_an_output_each() -> None:
    record = architecture("sharma-cnn-deep")
    assert record.build(record.input, 5).output_shape == (None, 5)


def test_an_unknown_architecture_is_answered_with_the_known_ones() -> None:
    with pytest.raises(TrainingError, match=r"no architecture “resnet”.*sharma-cnn-deep-aug"):
        architecture("resnet")
