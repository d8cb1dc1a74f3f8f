"""The seeds that users bring: added, listed, withdrawn, and written out for a training."""

from service.seeds.adding import add_seeds
from service.seeds.answer import Added, Conflict
from service.seeds.delivery import Decision, Delivery
from service.seeds.forms import Form, FormError, read_seeds, storable
from service.seeds.keeping import Seed, UnknownSeedError, Wanted, count_seeds, list_seeds, withdraw_seeds
from service.seeds.writing import write_lines, write_seeds

__all__ = [
    "Added",
    "Conflict",
    "Decision",
    "Delivery",
    "Form",
    "FormError",
    "Seed",
    "UnknownSeedError",
    "Wanted",
    "add_seeds",
    "count_seeds",
    "list_seeds",
    "read_seeds",
    "storable",
    "withdraw_seeds",
    "write_lines",
    "write_seeds",
]
