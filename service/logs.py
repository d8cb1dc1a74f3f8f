"""Logs: one JSON object a line on standard error, or coloured lines for people. Texts are never logged."""

from __future__ import annotations

import logging.config
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson
import structlog
from structlog.typing import Processor

from service.settings import LogFormat

SHARED: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


@dataclass(frozen=True, slots=True)
class Told:
    """What the log tells of an answered request. key : the prefix of the caller's key. model : what answered."""

    request_id: str
    method: str
    path: str
    status: int
    seconds: float
    key: str | None
    model: str | None

    def fields(self) -> dict[str, Any]:
        """What stands in the line, beside its event, its level and its time."""
        return {
            "method": self.method,
            "path": self.path,
            "status": self.status,
            "ms": round(self.seconds * 1000, 2),
            "key": self.key,
            "model": self.model,
        }


def configure_logging(log_format: LogFormat) -> None:
    """Send our own log lines and those of libraries to standard error in one format."""
    structlog.configure(
        processors=[*SHARED, *_renderers(log_format)],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=_line_logger,
    )
    logging.config.dictConfig(library_logging(log_format))


def request_log(log_format: LogFormat) -> Callable[[Told], None]:
    """What writes the line of an answered request."""
    return _write_request if log_format is LogFormat.JSON else _pass_request


def _pass_request(told: Told) -> None:
    structlog.get_logger().info("request", **told.fields())


def _write_request(told: Told) -> None:
    """The line that structlog would write, at a quarter of its 10 µs: there is one for every request."""
    line = {
        **told.fields(),
        "event": "request",
        "request_id": told.request_id,
        "level": "info",
        "timestamp": datetime.now(UTC),
    }
    stream = sys.stderr.buffer
    stream.write(orjson.dumps(line, default=repr, option=orjson.OPT_UTC_Z | orjson.OPT_APPEND_NEWLINE))
    stream.flush()


def library_logging(log_format: LogFormat) -> dict[str, Any]:
    """The `logging` configuration that gives the lines of libraries, gunicorn's among them, our format."""
    formatter = {
        "()": structlog.stdlib.ProcessorFormatter,
        "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, *_renderers(log_format), _as_text],
        "foreign_pre_chain": SHARED,
    }
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"lanmu": formatter},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "lanmu"}},
        "root": {"level": "WARNING", "handlers": ["stderr"]},
        "loggers": {
            "gunicorn.error": {"level": "INFO", "handlers": ["stderr"], "propagate": False},
            "gunicorn.access": {"level": "CRITICAL", "handlers": [], "propagate": False},
        },
    }


def _line_logger(*_args: Any) -> structlog.BytesLogger:
    """A logger on today's standard error: tests replace it."""
    return structlog.BytesLogger(sys.stderr.buffer)


def _renderers(log_format: LogFormat) -> list[Processor]:
    if log_format is LogFormat.CONSOLE:
        return [structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty()), _as_bytes]
    return [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(serializer=_json)]


def _json(event: Any, **_options: Any) -> bytes:
    return orjson.dumps(event, default=repr, option=orjson.OPT_NON_STR_KEYS)


def _as_bytes(_logger: Any, _method: str, event: Any) -> bytes:
    return event if isinstance(event, bytes) else str(event).encode("utf-8", "backslashreplace")


def _as_text(_logger: Any, _method: str, event: Any) -> str:
    return event.decode() if isinstance(event, bytes) else str(event)
