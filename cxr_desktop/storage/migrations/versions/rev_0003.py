"""What the reader says of a film herself."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "own_reading",
        sa.Column("film_id", sa.Integer(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("given_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["film_id"], ["film.id"], name="fk_own_reading_film", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("film_id", name="pk_own_reading"),
    )
