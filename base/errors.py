"""The root of Cornavin's own errors: each says what happened and what to do about it."""


class CornavinError(Exception):
    """Base class of the errors that Cornavin raises on purpose."""


class OperatorError(CornavinError):
    """Something only the person who runs Cornavin can mend; shown to them as one line, never as a traceback.

    Args:
        cause: What is wrong, naming the setting, file or address.
        remedy: What to do about it, as an imperative.
    """

    def __init__(self, cause: str, remedy: str) -> None:
        super().__init__(f"{cause}; {remedy}.")
        self.cause = cause
        self.remedy = remedy
