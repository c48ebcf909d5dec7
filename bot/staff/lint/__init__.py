"""How well staff's texts serve the person who reads them: length, grade, words, sources, dates, phrases."""

from bot.staff.lint.lint import lint

__all__ = ["lint"]
