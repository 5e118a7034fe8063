"""What the preview shows is what training would learn from."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from cxr_desktop.domain.errors import Cancelled, TrainingError
from cxr_desktop.domain.film_preview import PreviewQuestion
from cxr_desktop.domain.start_choices import TrainingStart
from cxr_desktop.domain.tuning import Tuning
from cxr_desktop.resources import resources_folder
from cxr_desktop.training.preview import VariationPreview

SCRATCH = TrainingStart("sharma-cnn")
LUNGS = TrainingStart("xception", from_scratch=True)


@pytest.fixture
def preview() -> VariationPreview:
    return VariationPreview(resources_folder() / "models" / "lung-finder")


@pytest.fixture(scope="module")
def films(data_folder: Path) -> tuple[Path, ...]:
    folder = data_folder / "kermany224" / "train"
    return tuple(sorted((folder / label).iterdir())[7] for label in ("NORMAL", "PNEUMONIA"))


def test_the_same_chance_gives_the_same_pictures_and_another_one_others(
    preview: VariationPreview, films: tuple[Path, ...]
) -> None:
    first, again, other = (preview.views(PreviewQuestion(films, LUNGS, Tuning(), seed)) for seed in (1, 1, 2))
    assert [film.after.shape for film in first] == [(128, 128)] * 2
    for one, same, new in zip(first, again, other, strict=True):
        assert np.array_equal(one.after, same.after)
        assert not np.array_equal(one.after, new.after)
        assert np.array_equal(one.before, new.before) and one.before.dtype == np.uint8


def test_what_is_chosen_is_seen(preview: VariationPreview, films: tuple[Path, ...]) -> None:
    still = Tuning(variation="none", image_size=96)
    for film in preview.views(PreviewQuestion(films, SCRATCH, still, 3)):
        assert film.after.shape == (96, 96)
        assert np.abs(film.after.astype(int) - film.before).max() <= 1
    strong = preview.views(PreviewQuestion(films, SCRATCH, Tuning(variation="strong", image_size=96), 3))
    assert all(np.abs(film.after.astype(int) - film.before).mean() > 5 for film in strong)


def test_unreadable_films_are_left_out_and_none_at_all_is_said(
    preview: VariationPreview, films: tuple[Path, ...], tmp_path: Path
) -> None:
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"no film")
    assert len(preview.views(PreviewQuestion((broken, *films), SCRATCH, Tuning(), 1))) == 2
    with pytest.raises(TrainingError, match="None of these films"):
        preview.views(PreviewQuestion((broken,), SCRATCH, Tuning(), 1))


def test_reading_ends_when_nobody_waits(preview: VariationPreview, films: tuple[Path, ...]) -> None:
    with pytest.raises(Cancelled):
        preview.views(PreviewQuestion(films, SCRATCH, Tuning(), 1), lambda: True)
    with pytest.raises(TrainingError, match="at least"):
        preview.views(PreviewQuestion(films, TrainingStart("sharma-xception"), Tuning(image_size=40), 1))
