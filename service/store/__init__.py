"""The service's database: engine, tables, migrations."""

from service.store.engine import StoreError, open_store

__all__ = ["StoreError", "open_store"]
