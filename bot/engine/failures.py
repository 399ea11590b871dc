"""How a turn fails."""


class TurnFailed(BaseException):
    """An action or a response failed, and with it the whole turn.

    Rasa catches every `Exception` that an action raises, drops the action's events and goes on, so that people would
    see half an answer and lose their form. This is a `BaseException` for that reason alone; `Assistant` catches it.

    Args:
        name: The action or response that failed.
    """

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name
