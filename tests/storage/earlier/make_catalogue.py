"""Makes the sample catalogue of the schema that the program has now. Its people and films are invented.

Each sample was made by the program that had its schema, and is never changed. With a new revision, run
`python -m tests.storage.earlier.make_catalogue` once: a test asks for a sample of each. An earlier revision's
was made in a checkout of the last version that had it, with this file copied into it.
"""

from __future__ import annotations

import inspect
import shutil
import sys
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

from cxr_desktop.domain.worklist import FilmSource, NewFilm
from cxr_desktop.storage.catalogue import Catalogue
from cxr_desktop.storage.schema import SCHEMA_REVISION
from tests.storage import builders
from tests.storage.builders import MODEL, NOON, header, judgement, new_film, unreadable

# A second opinion on the first film; since revision 0002 it may hold what the network gave each label.
OTHER_MODEL = ("three-labels", "2.0")


def sample_of(revision: str) -> Path:
    """The file of a revision's sample."""
    return Path(__file__).with_name(f"catalogue-{revision}.sqlite")


def fill(catalogue: Catalogue) -> None:
    """Four films that can be read, one that cannot, four judgements, one study read, one own reading."""
    ada = header(
        "Okafor^Ada",
        birth_date=date(2021, 4, 2),
        age_years=3.9,
        view_position="PA",
        study_instance_uid="1.2.3",
        sop_instance_uid="1.2.3.4",
    )
    on_a_disc = NewFilm(
        source=FilmSource(Path("/films/disc.zip"), "IM_1"),
        header=header("Buc^Jérôme"),
        shape=(1024, 880),
        fingerprint="bb",
        thumbnail=b"\xff\xd8bb",
        copy=Path("/data/films/bb.dcm"),
    )
    films = [
        new_film("/films/ada.dcm", "aa", ada),
        on_a_disc,
        new_film("/films/liv.png", "cc", header("Ødegaard^Liv")),
        unreadable("/films/empty.jpg"),
        new_film("/films/wrong.dcm", "cc", header("Yamada^Tarou")),
        new_film("/films/again.dcm", "aa", ada),
    ]
    added = [answer.film for answer in catalogue.add_films(films)]
    catalogue.save_judgements(
        MODEL,
        [
            (added[0].id, judgement(0.9)),
            (added[1].id, judgement(None)),
            (added[2].id, judgement(0.1, seed=1)),
        ],
    )
    has_labels = "label_scores" in inspect.signature(judgement).parameters
    more: dict[str, Any] = {"label_scores": builders.OF_LABELS} if has_labels else {}
    catalogue.save_judgements(OTHER_MODEL, [(added[0].id, judgement(0.8, OTHER_MODEL, **more))])
    catalogue.mark_read(added[0].study_id, NOON)
    if hasattr(catalogue, "note_own_reading"):  # since revision 0003
        from cxr_desktop.domain.own_reading import OwnReading  # noqa: PLC0415

        catalogue.note_own_reading(added[2].id, OwnReading("NORMAL", NOON))


def make_sample(file: Path) -> None:
    """Writes the sample of the present schema.

    Raises:
        FileExistsError: there is one; it must stay what the program of its time made.
    """
    if file.exists():
        raise FileExistsError(f"{file.name} is there already, and no sample is ever changed")
    with tempfile.TemporaryDirectory() as folder:
        catalogue = Catalogue.open(Path(folder) / "catalogue.sqlite", now=lambda: NOON)
        fill(catalogue)
        catalogue.close()
        shutil.copyfile(catalogue.path, file)


if __name__ == "__main__":
    make_sample(sample_of(SCHEMA_REVISION))
    sys.stdout.write(f"{sample_of(SCHEMA_REVISION).name} was made\n")
