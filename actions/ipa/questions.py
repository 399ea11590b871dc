"""The questions of the IPA, and the values of the answers that are tapped."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from actions.ipa.topics import Topic
from actions.tasks import Question

PERIOD = Question("period", "month", help="utter_help_ipa_period")
EARLY = Question("goes_on", "choice", help="utter_help_ipa_early")
TOPICS: Mapping[Topic, Question] = MappingProxyType(
    {topic: Question(topic, "choice", help="utter_help_ipa_topic") for topic in Topic}
)
DETAILS = Question("details", "text", help="utter_help_ipa_details")
PIECES = Question("pieces", "file", help="utter_help_ipa_pieces")
WHICH = Question("which", "choice", help="utter_help_ipa_which")

NOTHING, LATER, DONE, WAIT, LEFT_OUT = "none", "later", "done", "wait", "left_out"
"""Values of answers: nothing of all this; the papers come later; there are no more; when the month is over; not this file."""
ITEM = "item"
"""Entity that names what a file is."""

ASKS = re.compile(
    r"\?|^\s*(?:est-ce|comment|pourquoi|combien|qu'est|c'est quoi|quel\w*|qui|quand|ou (?:est|dois|trouve)|faut-il|dois-je|ca veut dire)\b"
)
"""Asks something, whatever else it says."""
