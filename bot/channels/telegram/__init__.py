"""The Telegram channel: updates in, turns out, through python-telegram-bot."""

import os

# python-telegram-bot warns at every flood wait until its coming type (timedelta) is chosen; this chooses it.
os.environ.setdefault("PTB_TIMEDELTA", "true")
