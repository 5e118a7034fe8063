"""The first schema: studies, films, their places and marks, predictions with heatmaps."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "study",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("read_at", sa.DateTime()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_study")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "film",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("path", sa.LargeBinary(), nullable=False),
        sa.Column("member", sa.LargeBinary(), nullable=False),
        sa.Column("copy", sa.LargeBinary()),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.DateTime(), nullable=False),
        sa.Column("patient_name", sa.Text(), nullable=False),
        sa.Column("patient_name_ideographic", sa.Text(), nullable=False),
        sa.Column("patient_name_phonetic", sa.Text(), nullable=False),
        sa.Column("patient_id", sa.Text(), nullable=False),
        sa.Column("birth_date", sa.Date()),
        sa.Column("age_years", sa.Float()),
        sa.Column("sex", sa.Text(), nullable=False),
        sa.Column("study_datetime", sa.DateTime()),
        sa.Column("study_description", sa.Text(), nullable=False),
        sa.Column("accession_number", sa.Text(), nullable=False),
        sa.Column("view_position", sa.Text(), nullable=False),
        sa.Column("laterality", sa.Text(), nullable=False),
        sa.Column("modality", sa.Text(), nullable=False),
        sa.Column("body_part", sa.Text(), nullable=False),
        sa.Column("institution", sa.Text(), nullable=False),
        sa.Column("study_instance_uid", sa.Text(), nullable=False),
        sa.Column("series_instance_uid", sa.Text(), nullable=False),
        sa.Column("sop_instance_uid", sa.Text(), nullable=False),
        sa.CheckConstraint("fingerprint <> '' OR problem <> ''", name=op.f("ck_film_readable_or_problem")),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_film_study")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_film")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_film_fingerprint", "film", ["fingerprint"])
    op.create_index("ix_film_path", "film", ["path", "member"])
    op.create_index("ix_film_sop_instance_uid", "film", ["sop_instance_uid"])
    op.create_index("ix_film_study_id", "film", ["study_id"])
    op.create_index("ix_film_study_instance_uid", "film", ["study_instance_uid"])
    op.create_table(
        "film_mark",
        sa.Column("film_id", sa.Integer(), nullable=False),
        sa.Column("mark", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["film_id"], ["film.id"], name=op.f("fk_film_mark_film"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("film_id", "mark", name=op.f("pk_film_mark")),
    )
    op.create_table(
        "location",
        sa.Column("path", sa.LargeBinary(), nullable=False),
        sa.Column("member", sa.LargeBinary(), nullable=False),
        sa.Column("film_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["film_id"], ["film.id"], name=op.f("fk_location_film"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("path", "member", name=op.f("pk_location")),
    )
    op.create_index("ix_location_film_id", "location", ["film_id"])
    op.create_table(
        "prediction",
        sa.Column("film_id", sa.Integer(), nullable=False),
        sa.Column("model_id", sa.String(), nullable=False),
        sa.Column("model_version", sa.String(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("probability", sa.Float()),
        sa.Column("operating_point", sa.Float(), nullable=False),
        sa.Column("evidence_in_lungs", sa.Float()),
        sa.Column("checks", sa.LargeBinary(), nullable=False),
        sa.Column("lung_regions", sa.LargeBinary(), nullable=False),
        sa.Column("scored_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["film_id"], ["film.id"], name=op.f("fk_prediction_film"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("film_id", "model_id", "model_version", name=op.f("pk_prediction")),
    )
    op.create_table(
        "thumbnail",
        sa.Column("film_id", sa.Integer(), nullable=False),
        sa.Column("jpeg", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["film_id"], ["film.id"], name=op.f("fk_thumbnail_film"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("film_id", name=op.f("pk_thumbnail")),
    )
    op.create_table(
        "heatmap",
        sa.Column("film_id", sa.Integer(), nullable=False),
        sa.Column("model_id", sa.String(), nullable=False),
        sa.Column("model_version", sa.String(), nullable=False),
        sa.Column("method", sa.String(), nullable=False),
        sa.Column("top", sa.Float(), nullable=False),
        sa.Column("left", sa.Float(), nullable=False),
        sa.Column("bottom", sa.Float(), nullable=False),
        sa.Column("right", sa.Float(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("columns", sa.Integer(), nullable=False),
        sa.Column("peak", sa.Float(), nullable=False),
        sa.Column("evidence", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["film_id", "model_id", "model_version"],
            ["prediction.film_id", "prediction.model_id", "prediction.model_version"],
            name=op.f("fk_heatmap_prediction"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("film_id", "model_id", "model_version", name=op.f("pk_heatmap")),
    )
