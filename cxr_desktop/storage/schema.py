"""The catalogue's tables. A change here needs a migration (`storage.migrations`); a test compares the two."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    TypeDecorator,
)

SCHEMA_REVISION = "0003"

# In the file's header: distinguishes a catalogue from any other SQLite file ("CXRD").
APPLICATION_ID = 0x43585244


class ExactText(TypeDecorator[str]):
    """Text that must come back exactly, such as a path: on Linux it may hold bytes that are not UTF-8."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        return None if value is None else value.encode("utf-8", "surrogatepass")

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> str | None:
        return None if value is None else value.decode("utf-8", "surrogatepass")


class ShownText(TypeDecorator[str]):
    """Text for people. What UTF-8 cannot hold (a damaged name in a DICOM header) becomes a question mark."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else value.encode("utf-8", "replace").decode("utf-8")


class UtcDateTime(TypeDecorator[datetime]):
    """A moment. Comes and goes with a time zone and is kept in UTC."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a moment needs a time zone, got {value!r}")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC)


metadata = MetaData(
    # Named constraints, because a later migration can change only what has a name.
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(referred_table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
    }
)


def _text(name: str) -> Column[str]:
    return Column(name, ShownText, nullable=False)


def _to_film(**options: Any) -> Column[int]:
    return Column("film_id", Integer, ForeignKey("film.id", ondelete="CASCADE"), nullable=False, **options)


# AUTOINCREMENT: an id is never given twice, so a judgement that comes late cannot land on another film.
study = Table(
    "study",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("read_at", UtcDateTime),
    sqlite_autoincrement=True,
)

# One row a film; the columns from patient_name on are `domain.header.FilmHeader`.
film = Table(
    "film",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("study_id", Integer, ForeignKey("study.id"), nullable=False, index=True),
    Column("path", ExactText, nullable=False),
    Column("member", ExactText, nullable=False),
    Column("copy", ExactText),
    Column("fingerprint", String, nullable=False, index=True),
    Column("problem", ShownText, nullable=False),
    Column("height", Integer, nullable=False),
    Column("width", Integer, nullable=False),
    Column("added_at", UtcDateTime, nullable=False),
    _text("patient_name"),
    _text("patient_name_ideographic"),
    _text("patient_name_phonetic"),
    _text("patient_id"),
    Column("birth_date", Date),
    Column("age_years", Float),
    _text("sex"),
    Column("study_datetime", DateTime),
    _text("study_description"),
    _text("accession_number"),
    _text("view_position"),
    _text("laterality"),
    _text("modality"),
    _text("body_part"),
    _text("institution"),
    _text("study_instance_uid"),
    _text("series_instance_uid"),
    _text("sop_instance_uid"),
    # A film that was taken in but cannot be read any more has both.
    CheckConstraint("fingerprint <> '' OR problem <> ''", name="readable_or_problem"),
    Index("ix_film_path", "path", "member"),
    Index("ix_film_study_instance_uid", "study_instance_uid"),
    Index("ix_film_sop_instance_uid", "sop_instance_uid"),
    sqlite_autoincrement=True,
)

# Kept apart from `film`, so that looking films up does not read their pictures.
thumbnail = Table(
    "thumbnail", metadata, _to_film(primary_key=True), Column("jpeg", LargeBinary, nullable=False)
)

# Other places where a film's pixels have been seen.
location = Table(
    "location",
    metadata,
    Column("path", ExactText, nullable=False),
    Column("member", ExactText, nullable=False),
    _to_film(index=True),
    PrimaryKeyConstraint("path", "member"),
)

# `storage.marks.Mark` by film.
film_mark = Table(
    "film_mark",
    metadata,
    _to_film(),
    Column("mark", String, nullable=False),
    PrimaryKeyConstraint("film_id", "mark"),
)

# What the reader says of a film: `domain.own_reading.OwnReading`.
own_reading = Table(
    "own_reading",
    metadata,
    _to_film(primary_key=True),
    _text("label"),
    Column("given_at", UtcDateTime, nullable=False),
)

# `checks`, `lung_regions` and `label_scores` are JSON lists of `ImageCheck`, `Box` and `LabelScore`; the last
# is NULL where a prediction has none.
prediction = Table(
    "prediction",
    metadata,
    _to_film(),
    Column("model_id", String, nullable=False),
    Column("model_version", String, nullable=False),
    Column("score", Float, nullable=False),
    Column("probability", Float),
    Column("operating_point", Float, nullable=False),
    Column("evidence_in_lungs", Float),
    Column("checks", LargeBinary, nullable=False),
    Column("lung_regions", LargeBinary, nullable=False),
    Column("scored_at", UtcDateTime, nullable=False),
    Column("label_scores", LargeBinary),
    PrimaryKeyConstraint("film_id", "model_id", "model_version"),
)

# `evidence`: zlib-compressed little-endian float16, (rows, columns), divided by `peak`.
heatmap = Table(
    "heatmap",
    metadata,
    Column("film_id", Integer, nullable=False),
    Column("model_id", String, nullable=False),
    Column("model_version", String, nullable=False),
    Column("method", String, nullable=False),
    Column("top", Float, nullable=False),
    Column("left", Float, nullable=False),
    Column("bottom", Float, nullable=False),
    Column("right", Float, nullable=False),
    Column("rows", Integer, nullable=False),
    Column("columns", Integer, nullable=False),
    Column("peak", Float, nullable=False),
    Column("evidence", LargeBinary, nullable=False),
    PrimaryKeyConstraint("film_id", "model_id", "model_version"),
    ForeignKeyConstraint(
        ["film_id", "model_id", "model_version"],
        ["prediction.film_id", "prediction.model_id", "prediction.model_version"],
        ondelete="CASCADE",
    ),
)

# Alembic's own table, declared so that a new catalogue is stamped without importing Alembic (0.4 s).
schema_version = Table(
    "alembic_version",
    MetaData(),
    Column("version_num", String(32), nullable=False),
    PrimaryKeyConstraint("version_num", name="alembic_version_pkc"),
)
