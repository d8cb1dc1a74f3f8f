"""Settings: read from the environment, checked, handed on."""

from __future__ import annotations

from pathlib import Path

import pytest

from service.settings import Settings, SettingsError


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """LANMU_PORT sets the port."""
    monkeypatch.setenv("LANMU_PORT", "9100")

    assert Settings.load().port == 9100


def test_an_empty_variable_is_no_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    """LANMU_PORT= leaves the default, as compose files write it."""
    monkeypatch.setenv("LANMU_PORT", "")

    assert Settings.load().port == 8000


def test_an_argument_wins_over_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the caller chooses counts more than LANMU_PORT."""
    monkeypatch.setenv("LANMU_PORT", "9100")

    assert Settings.load(port=9200).port == 9200


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("LANMU_PORT", "http", "LANMU_PORT='http': Input should be a valid integer"),
        ("LANMU_PORT", "70000", "LANMU_PORT='70000': Input should be less than or equal to 65535"),
        ("LANMU_WORKERS", "0", "LANMU_WORKERS='0': Input should be greater than or equal to 1"),
        ("LANMU_LOG_FORMAT", "xml", "LANMU_LOG_FORMAT='xml': Input should be 'json' or 'console'"),
        ("LANMU_DATABASE_URL", "nowhere", "LANMU_DATABASE_URL: Not a database URL"),
    ],
    ids=lambda value: value[:24],
)
def test_a_wrong_value_is_named_with_its_reason(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, reason: str
) -> None:
    """The message names the variable, its value and what is wrong with it."""
    monkeypatch.setenv(name, value)

    with pytest.raises(SettingsError, match="^" + reason):
        Settings.load()


def test_every_wrong_value_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two wrong settings give two lines."""
    monkeypatch.setenv("LANMU_PORT", "http")
    monkeypatch.setenv("LANMU_WORKERS", "many")

    with pytest.raises(SettingsError) as refused:
        Settings.load()

    assert [line.partition("=")[0] for line in str(refused.value).splitlines()] == ["LANMU_PORT", "LANMU_WORKERS"]


def test_secrets_are_not_shown() -> None:
    """Neither the model key nor the database's password is in the settings' text."""
    settings = Settings(model_key="hidden-1", database_url="postgresql+psycopg://lanmu:hidden-2@db/lanmu")

    assert "hidden" not in repr(settings)


def test_settings_pass_to_another_process_whole(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The variables of `environment` give the same settings again, secrets too."""
    chosen = Settings(port=9100, data_dir=tmp_path, model_key="secret", log_format="console", host="::1")

    for name, value in chosen.environment().items():
        monkeypatch.setenv(name, value)

    assert Settings.load() == chosen


@pytest.mark.parametrize(
    ("host", "loopback"),
    [("127.0.0.1", True), ("::1", True), ("localhost", True), ("0.0.0.0", False), ("example.org", False)],  # noqa: S104 - it is asked about, not bound
)
def test_loopback_is_told_from_the_host(host: str, loopback: bool) -> None:  # noqa: FBT001 - the expected value
    """Only addresses of this machine itself are loopback."""
    assert Settings(host=host).loopback is loopback
