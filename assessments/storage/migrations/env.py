"""What Alembic runs: the migrations, on the connection it is handed, inside that connection's transaction."""

from alembic import context

from assessments.storage.tables import Table

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Table.metadata,
    render_as_batch=True,
)
context.run_migrations()
