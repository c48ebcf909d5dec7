"""The door: `python run_bot.py` starts the line; `python run_bot.py --help` lists what else it can do."""

from bot.cli import main

if __name__ == "__main__":
    main()
