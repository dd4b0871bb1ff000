"""A revision has one sealed file of a kind and language; those registered before have none stated."""

import sqlalchemy as sa
from alembic import op

from assessments.storage import append_only

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column("sealed_report", sa.Column("variant", sa.String(), nullable=True))  # in place: its triggers stay
    op.create_index("uq_sealed_report_variant", "sealed_report", ["assessment_id", "revision", "variant"], unique=True)
    op.execute("DROP TRIGGER IF EXISTS sealed_report_no_replace")  # it looks at the new key too
    append_only.create(op.get_bind())
