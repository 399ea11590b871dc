"""What others wrote and the console sends is what it was when it was looked at."""

import hashlib

from bot.helpdesk.rendering import FOLDER

HTMX = "b3b5b9d5c5b2fb4619eecdcd1c17ba511f55ad6c048c34ffbc021433ba7cd342"


def test_htmx_is_the_file_that_was_vendored() -> None:
    file = (FOLDER / "static" / "vendor" / "htmx.js").read_bytes()
    assert hashlib.sha256(file).hexdigest() == HTMX
    assert file.startswith(b"/*! htmx 2.0.11, 0BSD: licenses/htmx.txt */\n")
