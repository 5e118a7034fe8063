"""A process that takes films in until it is killed; it prints each film only once it is stored."""

from __future__ import annotations

import itertools
import sys
from pathlib import Path

from cxr_desktop.storage.catalogue import Catalogue
from tests.storage.builders import MODEL, header, judgement, new_film

catalogue = Catalogue.open(Path(sys.argv[1]))
run = sys.argv[2]
for group in itertools.count():
    films = [
        new_film(f"/{run}/{group}/{i}", f"{run}-{group}-{i}", header(f"{run}-{group}-{i // 2}"))
        for i in range(6)
    ]
    added = catalogue.add_films(films)
    print(*(each.film.fingerprint for each in added), flush=True)
    catalogue.save_judgements(MODEL, [(each.film.id, judgement()) for each in added])
