"""What is said wherever something depends on the sandbox: pages, answers, receipts."""

from base.settings import Settings
from base.wording import mark

SANDBOX_NOTE = mark("Bac à sable : rien n'est transmis à Job-Room.")


def sandbox_note(settings: Settings) -> str | None:
    """The French text to be said, to be translated by whoever says it; None when there is a real gateway."""
    return SANDBOX_NOTE if settings.with_sandbox else None
