"""Rows of a unit have a wall around them where the database can build one; what triggers keep right, they keep right beyond it.

The walls themselves are built after the last migration, around the tables as they then are.
"""

from alembic import op

from assessments.storage import append_only
from assessments.storage.dialects.known import dialect_of

revision = "0040"
down_revision = "0039"


def upgrade() -> None:
    connection = op.get_bind()
    if connection.dialect.name != "postgresql":
        return
    dialect = dialect_of(connection.engine.url)
    there, wanted = dialect.triggers(connection), dialect.trigger_statements()
    for name, trigger in dialect.guards.items():
        if trigger.does and name in there and there[name] != wanted[name]:
            connection.exec_driver_sql(f"DROP FUNCTION {name}() CASCADE")
    append_only.create(connection)
