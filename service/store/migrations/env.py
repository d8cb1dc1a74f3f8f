"""Alembic runs this file for every command; `service.store.migrate` hands it the open connection."""

from alembic import context

from service.store.tables import Base

context.configure(connection=context.config.attributes["connection"], target_metadata=Base.metadata)
context.run_migrations()
