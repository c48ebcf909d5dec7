"""The commands of `run_bot.py`: those for everybody, and those for staff."""

import sys

from bot.cli.common import app

__all__ = ["main"]


def main() -> None:
    """Run the command line."""
    import bot.cli.public  # noqa: PLC0415  # its commands add themselves to the app

    if len(sys.argv) > 1:  # what starts the line has no use for the tools of staff, which bring scipy
        import bot.cli.gaps  # noqa: PLC0415
        import bot.cli.staff  # noqa: PLC0415, F401
    app()
