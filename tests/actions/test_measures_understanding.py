"""What people say of their situation when they want to know whether a cantonal measure is for them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from actions.measures import questions as asked
from actions.measures.draft import ALL, Entitlement, MeasuresDraft, Told
from actions.measures.task import MeasuresTask
from actions.tasks import Entity, Question, Said, Unusable
from base import clock
from bot.engine.payloads import parse_payload
from law.measures import Measure
from tests.support.project import responses
from tests.support.saying import typed

TASK = MeasuresTask()
ARE = MeasuresDraft(measure=Measure.ARE, entitlement=Entitlement.ENDED)


def told(text: str, pending: Question | None = None, draft: MeasuresDraft | None = None) -> Mapping[str, str]:
    """What is read, as text; on Wednesday 11 March 2026."""
    values = TASK.read(typed(text), draft or (MeasuresDraft() if pending is None else ARE), pending)
    return {name: str(value) for name, value in values.items() if name != "approximate" and value is not None}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("est-ce que j'ai droit à une ARE ?", {"measure": "are"}),
        ("jai droit a lare moi ou pas", {"measure": "are"}),
        ("j'ai épuisé mes indemnités, j'ai droit à quoi", {"measure": "all", "entitlement": "ended"}),
        ("vérifier si j'ai droit à une mesure cantonale", {"measure": "all"}),
        ("vérifier mes conditions", {}),
        (
            "regarde mon cas stp, fini le chomage le mois passé, permis B, j'habite genève depuis 4 ans",
            {
                "entitlement": "ended",
                "entitlement_end": "2026-02-01",
                "permit": "b",
                "lives_in_geneva": "yes",
                "two_years": "yes",
                "one_year": "yes",
            },
        ),
        (
            "44 ans, suisse, fin de droit hier, domicilié à Onex, à quoi j'ai droit ?",
            {
                "measure": "all",
                "entitlement": "ended",
                "entitlement_end": "2026-03-10",
                "free_movement": "yes",
                "lives_in_geneva": "yes",
            },
        ),
        ("mon chômage finit en avril", {"entitlement": "drawing", "entitlement_end": "2026-04-01"}),
        ("mon chômage finit en mars", {"entitlement": "drawing", "entitlement_end": "2026-03-11"}),
        ("mes indemnités se sont terminées en novembre", {"entitlement": "ended", "entitlement_end": "2025-11-01"}),
        ("fin de droit fin mai", {"entitlement": "drawing", "entitlement_end": "2026-05-31"}),
        (
            "je touche encore le chômage jusqu'au 30 juin 2026",
            {"entitlement": "drawing", "entitlement_end": "2026-06-30"},
        ),
        (
            "malade depuis six semaines la caisse ne paie plus, j'ai droit aux PCM ?",
            {"measure": "pcm", "is_unfit": "yes", "sick_since": "2026-01-28", "sick_pay_used_up": "yes"},
        ),
        (
            "contrôler si je suis concernée par les PCM, j'ai épuisé mes indemnités maladie",
            {"measure": "pcm", "sick_pay_used_up": "yes"},
        ),
        (
            "un patron de Satigny veut m'engager en CDI et mes indemnités sont finies",
            {"entitlement": "ended", "contract": "open_ended"},
        ),
        (
            "contrat à durée déterminée d'un an, mon dossier ARE tient la route ?",
            {"measure": "are", "contract": "fixed_term"},
        ),
        ("chui frontalier, jpeux avoir une mesure", {"lives_in_geneva": "no", "permit": "other"}),
        ("j'habite Annemasse depuis deux ans", {"lives_in_geneva": "no"}),
        ("permis F, j'habite Genève depuis 18 mois", {"permit": "f", "free_movement": "no", "two_years": "no"}),
        ("j'ai eu une suspension de 35 jours", {"long_suspension": "yes"}),
        ("il a eu une pénalité de douze jours", {"long_suspension": "no"}),
        ("j'ai déjà eu une ARE il y a trois ans", {"measure": "are", "had_measure": "yes"}),
        ("j'ai déjà fait un PEF en 2017", {"measure": "training_programme", "had_measure": "no"}),
        ("condamné pour travail au noir en 2022", {"convicted": "yes"}),
        ("je n'ai jamais été condamné", {"convicted": "no"}),
        ("j'étais indépendant, jamais eu droit au chômage", {"entitlement": "never"}),
        ("je suis inapte selon l'orp", {"is_fit": "no"}),
    ],
)
def test_situation_is_read_from_a_sentence(text: str, expected: Mapping[str, str]) -> None:
    found = told(text)
    assert {name: found.get(name) for name in expected} == dict(expected)
    assert not {"measure", "entitlement", "had_measure", "is_unfit"} & (found.keys() - expected.keys())


@pytest.mark.parametrize(
    ("pending", "text", "expected"),
    [
        (asked.MEASURE, "le stage", "training_programme"),
        (asked.MEASURE, "toutes", "all"),
        (asked.MEASURE, "l'allocation", "are"),
        (asked.MEASURE, "je sais pas trop", "all"),
        (asked.ENTITLEMENT, "oui", "drawing"),
        (asked.ENTITLEMENT, "non plus rien", "ended"),
        (asked.ENTITLEMENT, "je touche encore", "drawing"),
        (asked.ENTITLEMENT, "aucune idée", "unknown"),
        (asked.END, "le 20 février", "2026-02-20"),
        (asked.END, "hier", "2026-03-10"),
        (asked.END, "c'était fin janvier", "2026-01-31"),
        (asked.END, "le 30 juin", "2026-06-30"),
        (asked.END, "juin prochain je crois", "2026-06-01"),
        (asked.END, "je ne sais plus", "unknown"),
        (asked.DOMICILE, "à Vernier", "yes"),
        (asked.DOMICILE, "oui depuis toujours", "yes"),
        (asked.DOMICILE, "non, à Nyon", "no"),
        (asked.DOMICILE, "j'ai déménagé en France", "no"),
        (asked.UNFIT, "oui malheureusement", "yes"),
        (asked.UNFIT, "non tout va bien", "no"),
        (asked.UNFIT, "je préfère pas le dire", "unknown"),
        (asked.SICK_SINCE, "le 2 février", "2026-02-02"),
        (asked.SICK_SINCE, "depuis trois semaines", "2026-02-18"),
        (asked.SICK_PAY, "elle ne me paie plus", "yes"),
        (asked.SICK_PAY, "je crois que oui", "yes"),
        (asked.SICK_PAY, "non", "no"),
        (asked.CONTRACT, "CDI", "open_ended"),
        (asked.CONTRACT, "un CDD de six mois", "fixed_term"),
        (asked.CONTRACT, "non pas encore d'employeur", "none"),
        (asked.HANDED_IN, "pas encore commencé", "not_started"),
        (asked.HANDED_IN, "oui je l'ai remis avant", "before"),
        (asked.HANDED_IN, "j'ai déjà commencé", "late"),
        (asked.HAD_MEASURE, "jamais", "no"),
        (asked.HAD_MEASURE, "oui un PEF en 2023", "yes"),
        (asked.HAD_MEASURE, "oui mais il y a 8 ans", "no"),
        (asked.FIT, "pas que je sache", "no"),
        (asked.FIT, "oui", "yes"),
        (asked.SUSPENSION, "40 jours", "yes"),
        (asked.SUSPENSION, "12 jours seulement", "no"),
        (asked.FREE_MOVEMENT, "je suis portugaise", "yes"),
        (asked.FREE_MOVEMENT, "non, kosovar", "no"),
        (asked.PERMIT, "B", "b"),
        (asked.PERMIT, "le permis L", "other"),
        (asked.TWO_YEARS, "depuis 2019", "yes"),
        (asked.TWO_YEARS, "un an et demi", "no"),
        (asked.ONE_YEAR, "oui", "yes"),
        (asked.FAILED, "oui des cours mais rien trouvé", "yes"),
        (asked.PCM_USED_UP, "non jamais", "no"),
    ],
    ids=lambda value: value.slot if isinstance(value, Question) else None,
)
def test_answer_is_understood(pending: Question, text: str, expected: str) -> None:
    draft = MeasuresDraft() if pending is asked.MEASURE else ARE
    assert told(text, pending, draft).get(pending.slot) == expected


def test_measure_of_the_past_is_not_the_one_that_is_meant() -> None:
    assert "measure" not in told("oui, un PEF en 2023", asked.HAD_MEASURE)


def test_answer_takes_nothing_back_by_the_way_and_a_correction_does() -> None:
    draft = ARE.model_copy(update={"lives_in_geneva": Told.YES})
    assert told("oui, je travaillais à Nyon, j'habite à Nyon", asked.FIT, draft) == {"is_fit": "yes"}
    assert told("non, j'habite à Nyon", None, draft)["lives_in_geneva"] == "no"


def test_sickness_that_begins_tomorrow_is_not_taken() -> None:
    with pytest.raises(Unusable) as problem:
        told("depuis le 20 mars 2026", asked.SICK_SINCE)
    assert problem.value.response == "utter_day_in_future"


def test_end_that_no_longer_fits_is_asked_again() -> None:
    draft = ARE.model_copy(update={"entitlement_end": clock.today()})
    values = TASK.read(typed("non en fait c'est fini, plus d'indemnités"), draft, None)
    assert values["entitlement"] is Entitlement.ENDED
    assert values["entitlement_end"] is None


def payloads() -> list[tuple[str, str]]:
    """What the buttons of the questions mean."""
    return [
        (name.removeprefix("utter_ask_measures_form_"), parse_payload(button["payload"])[1]["item"])
        for name, variations in responses().items()
        if name.startswith("utter_ask_measures_form_")
        for button in variations[0].get("buttons", [])
    ]


@pytest.mark.parametrize(("slot", "item"), payloads())
def test_every_button_answers_its_own_question_whatever_is_open(slot: str, item: str) -> None:
    tapped = Said("", "tx_measures_check", 1.0, (Entity("item", item),), clock.today(), tapped=True)
    values: Mapping[str, Any] = TASK.read(tapped, ARE.model_copy(update={"contract": "none"}), asked.FIT)
    if slot == "correction":
        assert values["again"] == (item.partition(":")[2],)
    else:
        assert str(values[slot]) == item.partition(":")[2]
        MeasuresDraft.model_validate(ARE.model_dump() | dict(values))


def test_every_question_has_its_wording() -> None:
    assert {f"utter_ask_measures_form_{one.slot}" for one in asked.ORDER} <= responses().keys()
    assert TASK.read(typed("les quatre"), MeasuresDraft(), asked.MEASURE)["measure"] == ALL
