"""What can become of a call.

```
EServicesError
├── Refused         the gateway said no: reason and field; the same request would be refused again
├── AccessDenied    our credentials or rights are wrong: the operator's to mend
├── Unavailable     certainly not processed: try again later
└── Uncertain       the answer was lost or cannot be read: it may have been processed
```

After `Unavailable` and `Uncertain` a write may be repeated with the same key: if it was processed, the answer is the
receipt of the first time.
"""

from __future__ import annotations

from base.errors import CornavinError, OperatorError
from eservices.reasons import PREFIX, Reason


class EServicesError(CornavinError):
    """Root of what the client raises."""


class Refused(EServicesError):
    """The gateway does not do it.

    Args:
        kind: The problem's `type`.
        status: HTTP status.
        field: JSON pointer to the member that is wrong, where it is one.
        detail: The gateway's words, for the log.
        instance: Id to quote to the gateway's operator.
    """

    def __init__(
        self, kind: str, status: int, field: str | None = None, detail: str | None = None, instance: str | None = None
    ) -> None:
        super().__init__(f"refused: {kind.removeprefix(PREFIX)}" + (f" ({field})" if field else ""))
        self.type = kind
        self.status = status
        self.field = field
        self.detail = detail
        self.instance = instance

    @property
    def reason(self) -> Reason | None:
        """Why; None when the gateway knows a reason that this client does not."""
        name = self.type.removeprefix(PREFIX)
        return Reason(name) if name in set(Reason) else None


class AccessDenied(EServicesError, OperatorError):
    """The gateway does not let this program in."""

    def __init__(self, cause: str) -> None:
        OperatorError.__init__(
            self, cause=cause, remedy="check CORNAVIN_ESERVICES_CLIENT_ID and CORNAVIN_ESERVICES_CLIENT_SECRET"
        )


class Unavailable(EServicesError):
    """The gateway cannot be reached or is closed; nothing was processed.

    Args:
        cause: What happened, for the log.
        retry_after: Seconds that the gateway asks to wait.
    """

    def __init__(self, cause: str, retry_after: float | None = None) -> None:
        super().__init__(f"unavailable: {cause}")
        self.retry_after = retry_after


class Uncertain(EServicesError):
    """The request went out and no answer came that can be believed; only a repetition with the same key tells.

    Args:
        cause: What happened, for the log.
        key: The idempotency key to repeat it with.
    """

    def __init__(self, cause: str, key: str) -> None:
        super().__init__(f"uncertain: {cause}")
        self.key = key
