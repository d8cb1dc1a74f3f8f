"""Tables for people at a terminal; plain columns where the output goes elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Iterable

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table as RichTable

from training.check.tables import Table

WIDE = 180
"""Columns of an output that is no terminal."""


def print_tables(tables: Iterable[Table]) -> None:
    """Print tables to standard output."""
    terminal = sys.stdout.isatty()
    console = Console(file=sys.stdout, width=None if terminal else WIDE, markup=False, highlight=False, emoji=False)
    for table in tables:
        console.print(f"\n{table.title}", style="bold")
        if table.rows:
            console.print(_rich(table, terminal=terminal))
        if table.left_out:
            console.print(f"… and {table.left_out} more; --json and --html list all")
        if table.note:
            console.print(table.note)


def _rich(table: Table, *, terminal: bool) -> RichTable:
    """The table as rich prints it; columns of numbers stand to the right."""
    printed = RichTable(box=SIMPLE_HEAD if terminal else None, pad_edge=False)
    for number, name in enumerate(table.columns):
        numeric = all(row[number].replace(".", "").rstrip("%").isdigit() for row in table.rows)
        printed.add_column(name, justify="right" if numeric else "left", overflow="fold")
    for row in table.rows:
        printed.add_row(*row)
    return printed
