"""Reading the catalogue: immutable films and studies for the window."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, FromClause, and_, select, true

from cxr_desktop.domain.prediction import Prediction
from cxr_desktop.domain.worklist import Film, Study
from cxr_desktop.storage import rows
from cxr_desktop.storage.marks import Mark
from cxr_desktop.storage.schema import film, film_mark, own_reading, prediction, study, thumbnail

ModelKey = tuple[str, str]  # (id, version)

# SQLite takes 32,766 parameters in one statement; older builds 999.
_IDS_AT_ONCE = 500


def load_studies(
    connection: Connection, model: ModelKey | None, only: Collection[int] | None = None
) -> list[Study]:
    """Studies with their films and one model's predictions, by id; of `only` those that are there."""
    read_at: dict[int, datetime | None] = {}
    films: list[Film] = []
    for some in portions(study.c.id, only):
        read_at.update((row.id, row.read_at) for row in connection.execute(select(study).where(some)))
    for some in portions(film.c.study_id, only):
        films += load_films(connection, model, some)
    by_study = defaultdict(list)
    for each in films:
        by_study[each.study_id].append(each)
    return [Study(id=key, films=tuple(by_study[key]), read_at=read_at[key]) for key in sorted(read_at)]


def load_films(
    connection: Connection, model: ModelKey | None, which: ColumnElement[bool] | None = None
) -> list[Film]:
    """Films with one model's predictions, by id; `which` is a condition on the table `film`."""
    which = true() if which is None else which
    marks: dict[int, list[Mark]] = defaultdict(list)
    marked = select(film_mark.c.film_id, film_mark.c.mark).join(film).where(which).order_by(film_mark.c.mark)
    for film_id, mark in connection.execute(marked):
        marks[film_id].append(Mark(mark))
    predictions: dict[int, Prediction] = {}
    others: dict[int, str] = {}
    if model is not None:
        judged = select(prediction).join(film).where(which, by_model(model, prediction))
        predictions = {row.film_id: rows.prediction_of(row) for row in connection.execute(judged).all()}
        others = _judged_by_others(connection, model, which)
    found = (
        select(film, thumbnail.c.jpeg, own_reading.c.label.label("own_label"), own_reading.c.given_at)
        .outerjoin(thumbnail)
        .outerjoin(own_reading)
        .where(which)
        .order_by(film.c.id)
    )
    return [
        rows.film_of(row, marks.get(row.id, ()), predictions.get(row.id), others.get(row.id, ""))
        for row in connection.execute(found).all()
    ]


def _judged_by_others(connection: Connection, model: ModelKey, which: ColumnElement[bool]) -> dict[int, str]:
    """Of films that a model has not judged, the one that judged them last."""
    own = prediction.alias()
    has_own = select(own.c.film_id).where(own.c.film_id == prediction.c.film_id, by_model(model, own))
    judged = (
        select(prediction.c.film_id, prediction.c.model_id, prediction.c.model_version)
        .join(film)
        .where(which, ~has_own.exists())
        .order_by(prediction.c.scored_at)
    )
    return {film_id: f"{id} {version}" for film_id, id, version in connection.execute(judged)}


def by_model(model: ModelKey, table: FromClause) -> ColumnElement[bool]:
    """Rows of `prediction` or `heatmap` that come from one version of a model."""
    return and_(table.c.model_id == model[0], table.c.model_version == model[1])


def portions(column: ColumnElement[int], ids: Collection[int] | None) -> Iterator[ColumnElement[bool]]:
    """Conditions that together select the rows with these ids, each small enough for one statement."""
    if ids is None:
        yield true()
        return
    ordered = sorted(ids)
    for start in range(0, len(ordered), _IDS_AT_ONCE):
        yield column.in_(ordered[start : start + _IDS_AT_ONCE])
