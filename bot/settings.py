"""Every setting of the line, read from the environment (and from `.env` for local work), documented once."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.errors import SettingsError

_SECRET = {"TELEGRAM_BOT_TOKEN", "WEBHOOK_SECRET", "DATABASE_URL", "SENTRY_DSN"}
"""Settings whose value is never shown."""

_TOKEN = re.compile(r"\d{6,}:[A-Za-z0-9_-]{30,}")


def _token(value: SecretStr | None) -> SecretStr | None:
    if value is not None and not _TOKEN.fullmatch(value.get_secret_value()):
        message = "a token as BotFather gives it, such as 123456789:AAH-and-33-more-characters"
        raise ValueError(message)
    return value


def _secret(value: SecretStr | None) -> SecretStr | None:
    if value is not None and not re.fullmatch(r"[A-Za-z0-9_-]{16,256}", value.get_secret_value()):
        message = "16 to 256 letters, digits, _ or -"
        raise ValueError(message)
    return value


def _webhook(value: str | None) -> str | None:
    if value is not None and not re.fullmatch(r"https://[^\s/?#]+/[^\s?#]+", value):
        message = "an address that begins with https:// and has a path that nobody guesses, such as /telegram/k3n9"
        raise ValueError(message)
    return value


def _address(value: str | None) -> str | None:
    if value is not None and not re.fullmatch(r"https?://[^\s/]+(/\S*)?", value):
        message = "an address that begins with https:// (or http:// for a server of your own)"
        raise ValueError(message)
    return value.rstrip("/") if value else value


class Settings(BaseSettings):
    """All settings; each has a default that works on a laptop. Names in the environment are upper case."""

    model_config = SettingsConfigDict(env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True)

    telegram_bot_token: Annotated[SecretStr | None, AfterValidator(_token)] = Field(
        default=None, description="Token of the Telegram bot. Without it the web chat is served alone."
    )
    telegram_api_url: Annotated[str | None, AfterValidator(_address)] = Field(
        default=None, description="Root of a self-hosted Bot API server; Telegram's own when empty."
    )
    host: str = Field(default="127.0.0.1", description="Address that the web chat listens on.")
    port: Annotated[int | None, Field(ge=1, le=65535)] = Field(
        default=None,
        description="Port of the web chat; 8080 when empty. With a token, the chat runs only if it is set.",
    )
    webhook_url: Annotated[str | None, AfterValidator(_webhook)] = Field(
        default=None,
        description="Public https:// address, with a path of your own, at which Telegram delivers to PORT; "
        "polling when empty.",
    )
    webhook_secret: Annotated[SecretStr | None, AfterValidator(_secret)] = Field(
        default=None, description="What Telegram shows with every delivery; made from the token when empty."
    )
    metrics_port: Annotated[int | None, Field(ge=1, le=65535)] = Field(
        default=None, description="Port of /metrics, /healthz and /readyz for watchers; none when empty."
    )
    metrics_host: str = Field(
        default="127.0.0.1", description="Address that METRICS_PORT listens on; not for the public."
    )
    database_url: Annotated[SecretStr, NoDecode] = Field(
        default=SecretStr("sqlite:///var/line.sqlite3"),
        description="Where inbox and conversations are kept: sqlite:/// and a file, or postgres:// as hosts give it.",
    )
    trust_proxy: bool = Field(
        default=False,
        description="Whether a router stands before PORT: then the last X-Forwarded-For counts as the address.",
    )
    sentry_dsn: SecretStr | None = Field(
        default=None, description="Sentry's address for reports of faults; they hold kind and place, never words."
    )
    intents_dir: Path = Field(default=Path("intents"), description="Folder of what people ask.")
    content_dir: Path = Field(default=Path("content"), description="Folder of what the line answers.")
    encoder: str | None = Field(
        default=None, description="Folder of another ONNX sentence encoder; `none` to match words alone."
    )
    cache_dir: Path = Field(default=Path("var/cache"), description="Folder for what was learned from the examples.")
    reload: bool | None = Field(
        default=None, description="Whether changed files go live at once; where they can be written to, when empty."
    )
    gap_log: bool = Field(
        default=False, description="Whether questions without an answer are kept for staff: redacted, for thirty days."
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="INFO", description="How much is logged. No level logs what people write."
    )
    log_format: Literal["text", "json"] = Field(default="text", description="Log lines for people or for machines.")


def read_settings(**overrides: object) -> Settings:
    """Return the settings from the environment; `overrides` win where they are not None.

    Raises:
        SettingsError: a value cannot be used; says name, value (a token is not shown) and what was expected.

    """
    chosen = {name: value for name, value in overrides.items() if value is not None}
    try:
        return Settings(**chosen)  # type: ignore[arg-type]  # pydantic checks the values
    except ValidationError as error:
        raise SettingsError(_first(error)) from None


def _first(error: ValidationError) -> str:
    problem = error.errors()[0]
    name = str(problem["loc"][0]).upper() if problem["loc"] else "settings"
    value = "…" if name in _SECRET else repr(problem["input"])
    expected = problem["msg"].removeprefix("Value error, ")
    return f"{name} has the value {value}; expected: {expected}"
