from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.settings import Settings, read_settings

TOKEN = "123456789:" + "A" * 35


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)


def test_defaults() -> None:
    """With nothing set the line can start: no token, loopback, SQLite."""
    settings = read_settings()

    assert settings.telegram_bot_token is None
    assert settings.host == "127.0.0.1"
    assert settings.database_url.get_secret_value().startswith("sqlite:///")


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("PORT", "eighty", "PORT has the value 'eighty'"),
        ("PORT", "70000", "less than or equal to 65535"),
        ("LOG_LEVEL", "loud", "LOG_LEVEL has the value 'loud'"),
        ("TELEGRAM_API_URL", "telegram.org", "begins with https://"),
        ("WEBHOOK_URL", "http://line.example/x", "begins with https://"),
        ("WEBHOOK_URL", "https://line.example", "a path that nobody guesses"),
        ("WEBHOOK_SECRET", "short", "16 to 256 letters"),
        ("METRICS_PORT", "0", "greater than or equal to 1"),
    ],
)
def test_bad_value(monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str) -> None:
    """A bad value stops the start with its name, the value and what was expected."""
    monkeypatch.setenv(name, value)

    with pytest.raises(SettingsError, match=said):
        read_settings()


def test_bad_token_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """A token that is not one is refused without being printed."""
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "secret-thing")

    with pytest.raises(SettingsError, match="TELEGRAM_BOT_TOKEN") as caught:
        read_settings()
    assert "secret-thing" not in str(caught.value)


def test_token_is_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    """Printing the settings does not print the token."""
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", TOKEN)

    assert TOKEN not in repr(read_settings())


def test_empty_means_unset(monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty variable, as hosts leave them, counts as not set."""
    monkeypatch.setenv("PORT", "")

    assert read_settings().port is None
