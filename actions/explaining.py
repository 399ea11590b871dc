"""The count of a time limit in plain sentences, one for each step."""

from collections.abc import Mapping
from types import MappingProxyType

from base.wording import Translations, fill, mark, write_day
from law.deadlines import Deadline, Rule, Step
from law.facts import fact

SENTENCES: Mapping[Rule, str] = MappingProxyType(
    {
        Rule.RECEIVED: mark("Décision reçue le {day}."),
        Rule.OBSTACLE_ENDED: mark("L'empêchement a pris fin le {day}."),
        Rule.NOT_COLLECTED: mark(
            "Premier essai de distribution : {attempt}. Une lettre recommandée qui n'est pas retirée compte comme reçue "
            "le septième jour : {day}."
        ),
        Rule.EARLIER_OF_BOTH: mark("Elle a été retirée plus tard, le {collected} : c'est le septième jour qui compte."),
        Rule.UNSIGNED_ON_REST_DAY: mark(
            "Ce jour n'est pas ouvrable. Pour une lettre sans signature, une loi adoptée le "
            "{fact:deadline.saturday_change} compterait à partir du {later}. Son entrée en vigueur n'est pas confirmée : "
            "n'y comptez pas."
        ),
        Rule.STARTS_NEXT_DAY: mark("Le délai commence le lendemain : {day}."),
        Rule.STARTS_AFTER_SUSPENSION: mark(
            "Du {first} au {last}, les délais sont suspendus. Le premier jour compté est le {day}."
        ),
        Rule.SUSPENDED: mark("Du {first} au {last} compris, le délai est suspendu. Il reprend le {again}."),
        Rule.LAST_DAY: mark("Le trentième jour compté est le {day}."),
        Rule.MOVED: mark("Ce jour n'est pas ouvrable : le délai va jusqu'au {to}."),
        Rule.BEFORE_SUSPENSION: mark(
            "Ce jour tombe dans une suspension des délais. Certains défendraient le {later} : n'y comptez pas."
        ),
        Rule.CANTONAL_NOT_SUSPENDED: mark(
            "Pour une prestation cantonale, il n'est pas certain que les délais soient suspendus : le compte est fait sans "
            "suspension. Avec elle, ce serait le {later} : n'y comptez pas."
        ),
        Rule.SUSPENSION_NOT_SETTLED: mark(
            "Il n'est pas confirmé que ce délai soit suspendu aussi. Avec suspension, ce serait le {later} : n'y comptez pas."
        ),
        Rule.BENEFIT_UNKNOWN: mark(
            "Le droit qui s'applique, fédéral ou cantonal, n'est pas connu : c'est la date la plus proche qui est donnée."
        ),
        Rule.SAFE: mark("Date sûre, dernier jour ouvrable du compte : {day}."),
        Rule.COUNTERS_CLOSED: mark(
            "Ce jour-là, les guichets du canton sont fermés. Pour déposer sur place, venez au plus tard le {last_open}."
        ),
    }
)


def explained(result: Deadline, translations: Translations) -> list[str]:
    """The steps of a count as sentences, in their order."""
    return [sentence(step, translations) for step in result.steps]


def sentence(step: Step, translations: Translations) -> str:
    """One step as a sentence, with weekdays."""
    days = {name: write_day(day, translations.locale) for name, day in step.dates.items()}
    return fill(SENTENCES[step.rule], translations, fact, days).text
