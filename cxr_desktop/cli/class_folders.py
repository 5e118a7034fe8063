"""Which of a folder's folders hold the films of a model's labels, and what beside them is left out."""

from __future__ import annotations

from pathlib import Path

from cxr_desktop.domain.errors import TrainingError
from cxr_desktop.domain.model_card import Label, ModelCard
from cxr_desktop.domain.wording import counted
from cxr_desktop.training.films import folders_of, may_be_film


def class_folders(folder: Path, card: ModelCard) -> dict[Path, Label]:
    """The folders named like the model's labels, in any case, each with its label.

    Raises:
        TrainingError: there are none, one label has two, or those with files are all of one kind.
    """
    labels = {label.name.lower(): label for label in card.labels}
    known = {each: labels[each.name.lower()] for each in _below(folder) if each.name.lower() in labels}
    if not known:
        names = ", ".join(label.name for label in card.labels)
        raise TrainingError(
            f"The folder {folder} holds no folder named like the model's labels ({names}). Choose the folder "
            "above those of the classes."
        )
    for label in labels:
        same = [each.name for each in known if each.name.lower() == label]
        if len(same) > 1:
            raise TrainingError(
                f"A class is there twice, in different letters: {' and '.join(same)}. Put its films into one "
                "folder."
            )
    filled = [each for each in known if any(path.is_file() for path in each.rglob("*"))]
    if len({known[each].suspicious for each in filled}) < 2:
        found = f"only {', '.join(each.name for each in filled)} holds any" if filled else "there are none"
        raise TrainingError(
            f"An evaluation needs films with and without suspicion; {found}. Choose a folder that holds "
            "both, for example NORMAL and PNEUMONIA."
        )
    return known


def left_out(folder: Path, card: ModelCard) -> str:
    """What in the folder is not compared, named, because nobody can tell its label; "" if nothing."""
    labels = {label.name.lower() for label in card.labels}
    folders = [each.name for each in _below(folder) if each.name.lower() not in labels]
    films = sorted(each.name for each in folder.iterdir() if may_be_film(each))
    parts = []
    if folders:
        parts.append(f"{counted(len(folders), 'folder')} of no label of the model ({', '.join(folders)})")
    if films:
        parts.append(f"{counted(len(films), 'loose film')} ({', '.join(films)})")
    return f"Left out: {' and '.join(parts)}." if parts else ""


def _below(folder: Path) -> list[Path]:
    try:
        return folders_of(folder)
    except OSError as error:
        raise TrainingError(f"The folder {folder} cannot be read: {error.strerror}.") from error
