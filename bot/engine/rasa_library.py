"""Rasa, imported as a library: the one module that decides how, imported before anything else of Rasa.

Telemetry stays off, modules that are not installed are stood in for, and warnings that Rasa's own code causes on
current versions of its dependencies are kept from the operator.
"""

import os
import warnings

from bot.engine import stand_ins

os.environ["RASA_TELEMETRY_ENABLED"] = "false"
# SQLAlchemy 2 warns of each 1.4 idiom in Rasa's tracker store and cache, neither of which is used.
os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")

with warnings.catch_warnings():
    # Rasa uses pkg_resources and 1.4 idioms of SQLAlchemy at import; neither concerns us.
    warnings.simplefilter("ignore")
    with stand_ins.installed():
        import rasa.core.actions.action
        import rasa.core.agent
        import rasa.core.processor
        import rasa.engine.recipes.default_components
        import rasa.model_training
        import rasa_sdk.executor

# Rasa validates every result of an action with jsonschema, 24 ms of a 28 ms turn. Results of our own process are
# built by rasa-sdk's typed helpers and need no second check.
rasa.core.actions.action.RemoteAction._validate_action_result = staticmethod(lambda _result: True)
