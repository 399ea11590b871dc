"""Why a file is not taken. What people read is in `casework.files.wording`."""

from enum import StrEnum

from base.errors import CornavinError


class Reason(StrEnum):
    """Why a file is not taken."""

    EMPTY = "empty"
    TOO_BIG = "too_big"
    """More bytes than a file may have."""
    UNSUPPORTED = "unsupported"
    """Neither PDF nor JPEG, PNG or HEIC, whatever its name says."""
    BROKEN = "broken"
    """It begins like one of these and cannot be read to its end."""
    ENCRYPTED = "encrypted"
    SCRIPTED = "scripted"
    """A PDF that does something: JavaScript, programs to launch, data to send."""
    ATTACHMENTS = "attachments"
    """A PDF that holds other files or media."""
    UNFAITHFUL = "unfaithful"
    """A PDF that would not look the same without what must be removed from it."""
    TOO_MANY_PAGES = "too_many_pages"
    TOO_MANY_PIXELS = "too_many_pixels"
    TOO_COMPLEX = "too_complex"
    """It takes more memory or time to read than any honest file: a bomb."""
    NOT_SMALL_ENOUGH = "not_small_enough"
    """It cannot be made small enough for the e-service and stay legible."""
    INFECTED = "infected"
    NOT_SCANNED = "not_scanned"
    """The virus scanner gave no verdict."""
    TOO_MANY_FILES = "too_many_files"
    """The conversation holds as many files, or as many bytes of them, as it may."""
    NO_ROOM = "no_room"
    """All conversations together hold as many bytes as they may."""


class Refused(CornavinError):
    """A file is not taken, and nothing of it is kept.

    Args:
        reason: Why.
    """

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason
