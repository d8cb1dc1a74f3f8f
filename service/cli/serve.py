"""`lanmu serve`: the HTTP service."""

from __future__ import annotations

from typing import Any

import click

from service.cli.usage import example
from service.serve import serve


@click.command(
    name="serve",
    epilog=example("lanmu serve --port 9000", "LANMU_DATA_DIR=/var/lib/lanmu lanmu serve --host 0.0.0.0"),
)
@click.option("--host", help="Address to listen on (LANMU_HOST).  [default: 127.0.0.1]")
@click.option("--port", type=click.IntRange(1, 65535), help="Port to listen on (LANMU_PORT).  [default: 8000]")
@click.option("--workers", type=click.IntRange(min=1), help="Processes (LANMU_WORKERS).  [default: the cores, 2 to 8]")
def command(**chosen: Any) -> None:
    """Answer over HTTP until told to stop.

    Options win over the environment.
    """
    serve(**chosen)
