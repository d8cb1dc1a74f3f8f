"""Alembic runs this file for every command; `service.store.migrate` hands it the open connection."""

from alembic import context

from service.store.indexes import SCHEMA

context.configure(connection=context.config.attributes["connection"], target_metadata=SCHEMA)
context.run_migrations()
