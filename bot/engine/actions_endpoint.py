"""Rasa's action server, in this process."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import rasa.core.actions.action
from rasa.core.actions.constants import SELECTIVE_DOMAIN
from rasa.utils.endpoints import EndpointConfig
from rasa_sdk import Action
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection

from bot.engine.failures import TurnFailed


class InProcessActions(EndpointConfig):  # type: ignore[misc]  # Rasa ships no types
    """Runs actions directly where Rasa would call a server.

    Args:
        actions: Instances, built with the services they need.
    """

    def __init__(self, actions: Iterable[Action]) -> None:
        # The domain is large; only actions that ask for it (`send_domain`) are given it.
        super().__init__(**{SELECTIVE_DOMAIN: True})
        self._executor = ActionExecutor()
        for action in actions:
            self._executor.register_action(action)

    async def request(self, *_args: Any, json: dict[str, Any], **_kwargs: Any) -> Any:
        """Runs the action that the call names.

        Raises:
            ActionExecutionRejection: Of Rasa's, when a form finds that the message is not for it.
            TurnFailed: When the action raises anything else.
        """
        try:
            return await self._executor.run(json)
        except ActionExecutionRejection as rejection:
            raise rasa.core.actions.action.ActionExecutionRejection(rejection.action_name, rejection.message) from None
        except Exception as error:
            raise TurnFailed(json["next_action"]) from error
