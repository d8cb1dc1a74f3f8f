"""Settings of the service, from the environment: `LANMU_PORT`, `LANMU_DATA_DIR` and their like."""

from __future__ import annotations

import ipaddress
import os
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from models.shipped import SHIPPED_MODELS

PREFIX = "LANMU_"
MEBIBYTE = 1024 * 1024
WRONG_SETTINGS = 2
"""The exit status when a setting or the database does not let the service start."""


class SettingsError(ValueError):
    """A setting has a value that cannot be used; the message names the variable and the reason, one line each."""


class LogFormat(StrEnum):
    """How log lines look: for machines or for people."""

    JSON = "json"
    CONSOLE = "console"


class Switch(StrEnum):
    """Something that can be turned off."""

    ON = "on"
    OFF = "off"


class Promotion(StrEnum):
    """Who promotes what a training made: the training itself where the gate lets it pass, or a person."""

    AUTO = "auto"
    MANUAL = "manual"


def _cores() -> int:
    """Cores this process may use; at least 2 workers, so that a blocked one leaves another, and at most 8."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 2
    return min(max(cores, 2), 8)


def _absolute(path: Path) -> Path:
    return path.expanduser().absolute()


def _database_url(url: SecretStr) -> SecretStr:
    from sqlalchemy import make_url  # noqa: PLC0415 - a third of a second that commands without a database need not wait
    from sqlalchemy.exc import ArgumentError  # noqa: PLC0415 - comes with the line above

    try:
        make_url(url.get_secret_value())
    except ArgumentError:
        raise ValueError(
            "Not a database URL; write sqlite:////folder/lanmu.db or postgresql+psycopg://user:password@host/name"
        ) from None
    return url


Folder = Annotated[Path, AfterValidator(_absolute)]


class Settings(BaseSettings):
    """What the operator chooses. Each field is read from `LANMU_` + its name in capitals.

    workers : server processes; default: the cores there are, 2 to 8.
    data_dir : folder of all that the service writes: the database and the metrics of its processes.
    database_url : SQLAlchemy URL; None is SQLite in `data_dir`.
    models_dir : the registry that the champion is read from; default: the one shipped in the package.
    keep_versions : after a promotion the registry keeps the newest so many versions; the champion, its predecessor and
        the shadow stay in any case.
    shadow_texts : whether disagreements of the shadow are kept with their texts, or without.
    policy : file of the policy; None is policy.json in `data_dir`, or what comes with Lanmu where that is missing.
    model_key : when set, saved versions must be signed with it (HMAC).
    max_body_bytes, max_texts, max_sections : larger requests are refused, never cut.
    max_file_bytes : larger uploads are refused. max_unpacked_bytes : so are those that unpack to more.
    keep_files_days : after so long files that were uploaded or that batches made are removed.
    keep_jobs_days : after so long jobs that are over are removed, with their logs.
    batch_workers : processes that judge a batch of the service; None is one for each core.
    request_timeout_s : a request that lasts longer is ended by the watchdog.
    worker : whether `lanmu serve` starts a worker for jobs, too.
    promote : whether a training promotes a version that passes the gate.
    training_seeds : file or folder of seeds that every training begins with; None are the shipped ones.
    training_time_s : how long a try of a training may take.
    job_memory_mb : how much memory each process of a job may take, in MiB.
    job_lease_s : after so long without a sign of its worker a job goes to another one.
    proxies : how many reverse proxies stand in front and are trusted for X-Forwarded-For, -Proto, -Host, -Prefix.
    """

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_ignore_empty=True, frozen=True)

    host: str = Field(default="127.0.0.1", min_length=1)
    port: int = Field(default=8000, ge=1, le=65535)
    workers: int = Field(default_factory=_cores, ge=1, le=256)
    data_dir: Folder = Field(default=Path("var"), validate_default=True)
    database_url: Annotated[SecretStr, AfterValidator(_database_url)] | None = None
    models_dir: Folder = SHIPPED_MODELS
    keep_versions: int = Field(default=20, ge=1)
    shadow_texts: bool = False
    policy: Folder | None = None
    model_key: SecretStr | None = None
    max_body_bytes: int = Field(default=16 * MEBIBYTE, ge=1024, le=1024 * MEBIBYTE)
    max_texts: int = Field(default=1000, ge=1)
    max_sections: int = Field(default=50_000, ge=1)
    max_file_bytes: int = Field(default=1024 * MEBIBYTE, ge=1024)
    max_unpacked_bytes: int = Field(default=8192 * MEBIBYTE, ge=1024)
    keep_files_days: float = Field(default=30, gt=0)
    keep_jobs_days: float = Field(default=90, gt=0)
    batch_workers: int | None = Field(default=None, ge=1, le=1024)
    request_timeout_s: int = Field(default=60, ge=1, le=3600)
    log_format: LogFormat = LogFormat.JSON
    worker: Switch = Switch.ON
    promote: Promotion = Promotion.AUTO
    training_seeds: Folder | None = None
    training_time_s: int = Field(default=3600, ge=1)
    job_memory_mb: int = Field(default=4096, ge=64)
    job_lease_s: float = Field(default=30, ge=0.1, le=3600)
    proxies: int = Field(default=0, ge=0, le=16)

    @property
    def loopback(self) -> bool:
        """Whether only this machine can reach the service."""
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"

    @property
    def store_url(self) -> str:
        """The SQLAlchemy URL of the database."""
        if self.database_url is not None:
            return self.database_url.get_secret_value()
        return f"sqlite:///{self.database_file}"

    @property
    def database_file(self) -> Path:
        """Where SQLite's database is, unless `database_url` names another one."""
        return self.data_dir / "lanmu.db"

    @property
    def key_bytes(self) -> bytes | None:
        """The signing key of saved versions, as bytes."""
        return None if self.model_key is None else self.model_key.get_secret_value().encode()

    def environment(self) -> dict[str, str]:
        """The variables that give another process these settings."""
        return {PREFIX + name.upper(): _plain(getattr(self, name)) for name in sorted(self.model_fields_set)}

    @classmethod
    def load(cls, **chosen: Any) -> Self:
        """Settings from the environment; those given as arguments win.

        Raises SettingsError with one line for each value that cannot be used.
        """
        try:
            return cls(**chosen)
        except ValidationError as error:
            raise SettingsError("\n".join(_reasons(error))) from None


def _plain(value: object) -> str:
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    return "" if value is None else str(value)


def _reasons(error: ValidationError) -> list[str]:
    return [_reason(str(found["loc"][0]), found["msg"], found["input"]) for found in error.errors()]


def _reason(name: str, message: str, value: object) -> str:
    """One line on one variable; what may be a secret is not repeated."""
    shown = "" if name in {"model_key", "database_url"} else f"={value!r}"
    return f"{PREFIX}{name.upper()}{shown}: {message.removeprefix('Value error, ')}"
