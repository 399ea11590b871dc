"""What an agent reads first of a case: three lines of what is known, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Sequence

from base.wording import SOURCE_LANGUAGE, Translations, write_day
from casework.cases import Line, TimeLimit
from casework.triage import Cause

LONGEST_LINE = 200
_LEAST_WORDS = 3
_MARKUP = re.compile(r"\*\*|\[([^\]]*)\]\([^)]*\)")


def summary(
    said: Sequence[Line], cause: Cause, limit: TimeLimit | None, *, tried: str = "", is_known: bool = False
) -> tuple[str, ...]:
    """In French, for the agent.

    Args:
        said: The transcript.
        cause: Why the case is opened.
        limit: The deadline to keep.
        tried: What was tried besides answering, such as what was sent and refused.
        is_known: Whether the person has logged in.
    """
    asked = [line.text for line in said if line.author == "user" and len(line.text.split()) >= _LEAST_WORDS]
    wish = asked[-2] if len(asked) > 1 and cause in {Cause.ASKED, Cause.COMPLAINT} else asked[-1] if asked else ""
    facts = ["personne connectée" if is_known else "personne non connectée"]
    if limit is not None:
        facts.append(f"{_MATTERS.get(limit.matter, 'délai')}, date sûre {_day(limit)}")
    return (
        f"Demande : {_short(wish)}" if wish else "Demande : non précisée.",
        f"Connu : {', '.join(facts)}.",
        f"Essayé : {tried or _answers(said, cause)}",
    )


_MATTERS = {
    "objection": "délai d'opposition",
    "appeal": "délai de recours",
    "restitution": "restitution de délai",
    "job_searches": "recherches d'emploi à remettre",
    "ipa": "indemnités à demander (IPA)",
    "incapacity": "incapacité à annoncer",
    "cantonal_registration": "inscription à une mesure cantonale",
}


def _answers(said: Sequence[Line], cause: Cause) -> str:
    """What the assistant has answered."""
    answers = [line.text for line in said if line.author == "bot"]
    if cause is Cause.NOT_UNDERSTOOD:
        return "l'assistant n'a pas compris, deux fois de suite."
    return f"réponse de l'assistant, « {_short(answers[-1])} »" if answers else "rien encore."


def _short(text: str) -> str:
    """The beginning of a text, on one line and without markup."""
    line = " ".join(_MARKUP.sub(lambda match: match[1] or "", text).split())
    return line if len(line) <= LONGEST_LINE else f"{line[: LONGEST_LINE - 1].rstrip()}…"


def _day(limit: TimeLimit) -> str:
    return write_day(limit.safe, Translations(SOURCE_LANGUAGE).locale)
