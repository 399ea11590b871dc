"""Telegram, with python-telegram-bot."""

import os

os.environ.setdefault("PTB_TIMEDELTA", "1")  # the library's own switch: periods are timedeltas, without a warning
