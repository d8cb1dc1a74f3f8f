"""The service's database: engine, tables, migrations."""

from service.store.clock import now
from service.store.engine import StoreError, open_store, writing

__all__ = ["StoreError", "now", "open_store", "writing"]
