"""Reports of faults to Sentry, where SENTRY_DSN is set: kind and place, never words, ids or addresses."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from structlog.typing import EventDict

TELLS: Final = ("kind", "at", "error", "tries", "count", "part", "seconds", "finding")
"""Fields of a log line that are sent along; each is known to hold no word of a message."""

_KEEPS: Final = ("event_id", "timestamp", "platform", "level", "logger", "message", "logentry", "extra", "release")


def set_up_sentry(dsn: str, **more: Any) -> None:  # noqa: ANN401  # options of sentry_sdk, for tests
    """Begin to report; nothing is collected by itself, so that nothing but `report` is ever sent."""
    import sentry_sdk  # noqa: PLC0415  # forty modules that most lines do not need

    sentry_sdk.init(
        dsn,
        default_integrations=False,
        auto_enabling_integrations=False,
        include_local_variables=False,
        max_breadcrumbs=0,
        attach_stacktrace=False,
        send_client_reports=False,
        auto_session_tracking=False,
        server_name="line",
        before_send=scrub,
        **more,
    )


def report(_logger: object, method: str, event: EventDict) -> EventDict:
    """Send an error that was logged; a processor for structlog."""
    sentry_sdk = sys.modules.get("sentry_sdk")
    if sentry_sdk and method in {"error", "critical", "exception"} and sentry_sdk.is_initialized():
        with sentry_sdk.new_scope() as scope:
            for name in TELLS:
                if name in event:
                    scope.set_extra(name, str(event[name])[:200])
            sentry_sdk.capture_message(str(event.get("event", ""))[:200], level="error")
    return event


def scrub(event: Any, _hint: object) -> Any:  # noqa: ANN401  # Sentry's own type
    """Leave out of a report everything that is not known to be harmless."""
    return {name: value for name, value in event.items() if name in _KEEPS}
