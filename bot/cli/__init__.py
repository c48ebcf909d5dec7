"""The commands of `run_bot.py`: those for everybody, and those for staff."""

from bot.cli.public import main

__all__ = ["main"]
