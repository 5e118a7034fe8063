"""What the network gave each label, for models with more than two."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    # Without a default: what was judged before has none, and SQLite then changes no row.
    op.add_column("prediction", sa.Column("label_scores", sa.LargeBinary()))
