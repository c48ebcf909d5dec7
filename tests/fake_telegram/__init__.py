"""A Telegram of one's own for tests: a real HTTP server on loopback that speaks the Bot API.

    async with FakeTelegram() as server:
        ...start the bot with server.token and server.url...
        ana = server.person(language_code="es")
        await ana.says("hola")
        reply = await ana.hears()
        await ana.taps("Menú")

It refuses what Telegram refuses, in Telegram's words, and breaks on demand: `server.fails("sendMessage", code=502)`.
"""

from tests.fake_telegram.faults import Fault
from tests.fake_telegram.people import Group, Heard, Person
from tests.fake_telegram.server import Call, FakeTelegram

__all__ = ["Call", "FakeTelegram", "Fault", "Group", "Heard", "Person"]
