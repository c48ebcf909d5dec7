"""The web chat: one page, a small JSON interface, and the same talk without JavaScript."""

from __future__ import annotations

from bot.channels.web.server import build_app, serve

__all__ = ["build_app", "serve"]
