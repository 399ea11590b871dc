"""«Mes recherches» as whole conversations, down to the sandbox's journal."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from pydantic import SecretStr

from base import clock
from base.settings import Settings
from bot.engine.assistant import Reply
from bot.engine.dialogue import Dialogue
from casework.cases import open_cases
from casework.submissions import Kind, State
from conversations.models import Phase
from tests.support.conversing import Talk, text_of, transcript
from tests.support.sending import Counter, opened

COOP = "Coop le 9 caissière par courrier, temps partiel, en attente, pas d'assignation, rue du Stand 3, 1204 Genève"
PAYOT = "Payot le 5 libraire par lettre, plein temps, en attente, sans assignation, rue du Rhône 5, 1204 Genève"
MANOR = "Manor, vendeuse, le 3 par mail à rh@manor.test, temps partiel, entretien, pas assignée"
EFFORTS = "/v1/persons/*/job-search-reports/*/efforts"
REPORTS = "/v1/persons/*/job-search-reports/*"


@pytest.fixture
async def counter(settings: Settings, dialogue: Dialogue) -> AsyncIterator[Counter]:
    """Everything works, as soon as the test says so."""
    async with opened(settings, dialogue, is_worked=False) as everything:
        yield everything


def at(day: str, time: str = "10:00") -> datetime:
    """Moves the program's clock."""
    moment = datetime.fromisoformat(f"{day}T{time}").replace(tzinfo=clock.ZONE)
    clock.freeze(moment)
    return moment


async def journal(counter: Counter) -> list[tuple[str, str | None]]:
    """What the gateway has processed, with the employer."""
    await counter.work()
    entries: Sequence[Mapping[str, Any]] = (await counter.gateway.get("/sandbox/journal")).json()
    return [
        (entry["operation"], ((entry["request"] or {}).get("company") or {}).get("name"))
        for entry in entries
        if entry["operation"].endswith(("effort", "report"))
    ]


async def last_request(counter: Counter) -> Mapping[str, Any]:
    """What the gateway took last."""
    await counter.work()
    request: Mapping[str, Any] = (await counter.gateway.get("/sandbox/journal")).json()[-1]["request"]
    return request


async def said_last(counter: Counter, talk: Talk) -> str:
    """The last message of the conversation."""
    return (await transcript(counter.program.database, talk.session))[-1].text.replace("\u00a0", " ")


def effects(reply: Reply) -> list[tuple[str, str | None]]:
    return [(one["op"], one["payload"].get("change")) for one in (reply.debug.effects if reply.debug else ())]


# Entering.


async def test_several_at_once_are_asked_only_for_what_is_missing(counter: Counter, talk: Talk) -> None:
    asked = await talk.say(
        "Migros Carouge vendeur en ligne le 2 pas de réponse, Manor entretien le 4, et j'ai téléphoné à Payot"
    )
    assert "Noté : 1. Migros, 2. Manor, 3. Payot." in text_of(asked)
    assert asked.state.slot == "all_assigned"
    assert (await talk.tap("Non, aucune")).state.slot == "all_workload"
    assert "Pour : 3 (Payot)" in text_of(await talk.say("la deuxième à temps partiel, les autres à plein temps"))
    asked = await talk.say("en attente")
    assert "**1. Migros : il me manque encore**" in text_of(asked)
    assert "le lien du formulaire" in text_of(asked)
    saved = await talk.say("emploi@migros.test")
    assert effects(saved) == [("save_effort", "add")]
    assert "**2. Manor : il me manque encore**" in text_of(saved)
    assert "la date de la postulation" in text_of(saved), "that of the interview is another one"
    await talk.say("vendeuse, postulé le 3 par mail à rh@manor.test")
    shown = await talk.say("libraire, le 5, Mme Blanc, 022 731 89 50, rue du Rhône 5, 1204 Genève")
    assert shown.state.slot == "is_done"
    assert "3. **Payot** Genève, libraire, jeudi 5 mars 2026, par téléphone, plein temps" in text_of(shown)
    assert await journal(counter) == [("add_effort", "Migros"), ("add_effort", "Manor"), ("add_effort", "Payot")]
    assert await last_request(counter) == {
        "apply_date": "2026-03-05",
        "company": {
            "name": "Payot",
            "address": {
                "country": "CH",
                "street": "rue du Rhône",
                "house_number": "5",
                "postal_code": "1204",
                "city": "Genève",
            },
            "contact_person": "Mme Blanc",
            "phone": "+41227318950",
        },
        "channels": ["PHONE"],
        "occupation": "libraire",
        "assigned_by_orp": False,
        "workload": "FULLTIME",
        "results": ["PENDING"],
    }


async def test_nothing_is_written_before_it_is_known_who_it_is(counter: Counter) -> None:
    async with counter.talking(person=None) as talk:
        assert (await talk.say(COOP)).state.slot == "is_linked"
        assert await journal(counter) == []
        await counter.link(talk)
        await counter.program.on_linked(talk.session.id)
        assert await journal(counter) == [("add_effort", "Coop")]
        assert "1. **Coop**" in await said_last(counter, talk)


async def test_nothing_is_kept_of_who_does_not_agree(counter: Counter) -> None:
    async with counter.talking(has_consented=False) as talk:
        assert (await talk.say(COOP)).state.slot == "has_consented"
        await talk.tap("Non, ne rien garder")
        assert await journal(counter) == []
        assert await counter.submissions(talk) == ()


async def test_pasted_list_is_taken_line_by_line(counter: Counter, talk: Talk) -> None:
    shown = await talk.say(f"mes recherches :\n- {COOP}\n- {PAYOT}")
    assert shown.state.slot == "is_done"
    assert await journal(counter) == [("add_effort", "Coop"), ("add_effort", "Payot")]


async def test_address_of_an_employer_is_offered_again(counter: Counter, talk: Talk) -> None:
    await talk.say(COOP)
    asked = await talk.say("Coop le 10 vendeuse par courrier, temps partiel, en attente, pas d'assignation")
    assert "La dernière fois : rue du Stand 3 1204 Genève" in text_of(asked)
    await talk.tap("La même adresse")
    assert await journal(counter) == [("add_effort", "Coop"), ("add_effort", "Coop")]


async def test_what_is_missing_can_wait_and_is_said_to_be_missing(counter: Counter, talk: Talk) -> None:
    await talk.say("Coop le 9 caissière, temps partiel, en attente, pas d'assignation")
    shown = await talk.tap("Plus tard")
    assert "**pas encore enregistrée**, il manque comment" in text_of(shown)
    ended = await talk.say("c'est tout")
    assert "celles-là ne sont pas sur Job-Room" in text_of(ended)
    assert await journal(counter) == []


# Changing.


@pytest.mark.parametrize(
    "said", ["montre la liste", "la liste svp", "tu peux me montrer mes recherches ?", "récapitulatif"]
)
async def test_list_is_shown_whatever_is_asked(counter: Counter, talk: Talk, said: str) -> None:
    asked = await talk.say("mes recherches: Migros Carouge vendeur en ligne le 2, et j'ai téléphoné à Payot le 5")
    shown = await talk.say(said)
    assert "1. **Migros** Carouge" in text_of(shown)
    assert "2. **Payot**" in text_of(shown)
    assert shown.state.slot == asked.state.slot


async def test_removal_is_confirmed(counter: Counter, talk: Talk) -> None:
    await talk.say("Migros Carouge vendeur en ligne le 2. Coop caissier le 4 par lettre")
    assert "Noté : Migros : effacée." in text_of(await talk.say("efface la 1"))
    assert "Noté : Coop : effacée." in text_of(await talk.say("enlève Coop"))


async def test_correction_and_removal_by_number(counter: Counter, talk: Talk) -> None:
    await talk.say(COOP)
    await talk.say(PAYOT)
    assert effects(await talk.say("le 1 : c'était à plein temps")) == [("save_effort", "change")]
    assert (await last_request(counter))["workload"] == "FULLTIME"
    removed = await talk.say("efface le 2")
    assert effects(removed) == [("save_effort", "remove")]
    assert "**Payot**" not in text_of(removed)
    assert [operation for operation, _ in await journal(counter)][2:] == ["change_effort", "remove_effort"]


async def test_answer_after_the_fact_updates_the_effort(counter: Counter, talk: Talk) -> None:
    await talk.say(MANOR)
    await talk.say("c'est tout")
    at("2026-03-18")
    asked = await talk.say("Manor m'a répondu non pour ma postulation")
    if asked.state.form is None:
        pytest.fail(text_of(asked))
    assert "le motif du refus" in text_of(asked)
    await talk.say("pas assez d'expérience")
    request = await last_request(counter)
    assert request["results"] == ["INTERVIEW", "REJECTED"]
    assert request["rejection_reason"] == "pas assez d'expérience"


async def test_the_same_again_is_not_entered_twice(counter: Counter, talk: Talk) -> None:
    await talk.say(COOP)
    again = await talk.say("Coop le 9 caissière")
    assert "Coop : je l'ai déjà, au numéro 1." in text_of(again)
    assert await journal(counter) == [("add_effort", "Coop")]


async def test_address_told_later_completes_the_effort_that_is_known(counter: Counter, talk: Talk) -> None:
    await talk.say("Coop Plainpalais caissier, j'ai laissé mon cv le 4")
    noted = await talk.say("la coop c'est rue de Carouge 12, 1205 Genève, Mme Rossi")
    assert "Noté : 1. Coop." in text_of(noted)
    assert noted.debug is not None
    assert noted.debug.slots["count"] == 1
    shown = await talk.say("montre la liste")
    assert "l'adresse" not in text_of(shown)
    assert "la personne contactée" not in text_of(shown)


@pytest.mark.parametrize(
    "said",
    [
        PAYOT,
        COOP,
        MANOR,
        "Globus le 2 vendeuse sur place",
        "postulé chez Fnac le 3 par mail, vendeur",
        "j'ai fait Migros, Coop et Denner",
    ],
)
async def test_effort_is_taken_as_one_whatever_its_words_are_like(counter: Counter, talk: Talk, said: str) -> None:
    assert (await talk.say(said)).state.form == "job_search_form"


async def test_same_employer_in_another_town_is_another_effort(counter: Counter, talk: Talk) -> None:
    await talk.say("Coop Plainpalais caissier, j'ai laissé mon cv le 4")
    noted = await talk.say("Coop Carouge caissier, j'ai laissé mon cv le 4")
    assert "Noté : 2. Coop." in text_of(noted)


@pytest.mark.parametrize("said", ["ils ont déjà pris quelqu'un", "poste repourvu"])
async def test_what_one_effort_lacks_is_taken_while_something_else_is_asked(
    counter: Counter, talk: Talk, said: str
) -> None:
    asked = await talk.say("Migros Carouge vendeur en ligne le 2, réponse négative. Coop caissier le 4 par lettre")
    assert asked.state.slot == "all_assigned"
    assert "Noté : 1. Migros." in text_of(await talk.say(said))


async def test_address_given_to_how_somebody_applied_says_how(counter: Counter, talk: Talk) -> None:
    await talk.say("Globus le 2 vendeuse, temps partiel, en attente, pas assignée")
    saved = await talk.say("rh@globus.test")
    assert effects(saved) == [("save_effort", "add")]


async def test_number_that_is_wanted_is_no_answer_to_what_is_missing(counter: Counter, talk: Talk) -> None:
    asked = await talk.say("Globus le 2 vendeuse sur place, temps partiel, en attente, pas assignée")
    assert asked.state.slot == "details"
    noted = await talk.say("ma conseillère demande 8 recherches")
    assert "Noté : 8 recherches demandées." in text_of(noted)
    assert "la personne contactée" in text_of(noted)


@pytest.mark.parametrize(
    ("said", "noted"),
    [
        ("pour l'EMS c'est 022 700 11 22, Mme Favre, chemin des Tilleuls 3, 1213 Onex", "Noté : 2. EMS Les Tilleuls."),
        ("la 2 : ils m'ont pris, je commence en avril !", "Noté : 2. EMS Les Tilleuls."),
        ("rh@migros.test", "Noté : 1. Migros."),
    ],
)
async def test_what_is_said_of_one_effort_is_not_taken_for_another(
    counter: Counter, talk: Talk, said: str, noted: str
) -> None:
    asked = await talk.say(
        "Migros Plainpalais caissière le 3, pas assignée, en attente. Hier j'ai appelé l'EMS Les Tilleuls pour un poste "
        "d'aide-soignante, pas assignée, en attente. Denner le 9 par lettre, en attente"
    )
    assert "3. Denner" in text_of(asked)
    assert asked.state.slot == "all_assigned"
    answer = await talk.say(said)
    assert noted in text_of(answer)
    assert answer.state.slot == "all_assigned", "it is still not known of Denner"


async def test_how_many_there_are_is_answered_with_the_list(counter: Counter, talk: Talk) -> None:
    await talk.say("Migros Plainpalais caissière le 3")
    assert "1. **Migros**" in text_of(await talk.say("combien j'en ai ?"))


async def test_wish_to_transmit_is_heard_while_something_is_missing(counter: Counter, talk: Talk) -> None:
    asked = await talk.say("Migros Carouge vendeur en ligne le 2")
    assert asked.state.slot == "all_assigned"
    assert "26 mars 2026" in text_of(await talk.say("envoie maintenant"))


async def test_answer_that_could_be_about_two_is_asked_about(counter: Counter, talk: Talk) -> None:
    await talk.say(COOP)
    await talk.say(COOP.replace("le 9 caissière", "le 10 vendeuse"))
    assert "les numéros 1, 2" in text_of(await talk.say("Coop refus"))


async def test_day_of_another_month_is_refused_with_where_it_belongs(counter: Counter, talk: Talk) -> None:
    await talk.say(COOP)
    refused = await talk.say("Lidl le 12 février caissier en ligne")
    assert "Lidl : le jeudi 12 février 2026 n'est pas dans ce mois" in text_of(refused)
    assert await journal(counter) == [("add_effort", "Coop")]


async def test_month_can_be_named(counter: Counter, talk: Talk) -> None:
    assert "Vos recherches de février 2026" in text_of(await talk.say("je veux saisir mes recherches de février"))
    await talk.say(COOP)
    assert (await last_request(counter))["apply_date"] == "2026-02-09"


@pytest.mark.parametrize(("day", "month"), [("2026-04-05", "mars"), ("2026-04-06", "avril")])
async def test_month_that_is_due_is_meant(counter: Counter, talk: Talk, day: str, month: str) -> None:
    at(day)
    assert f"Vos recherches de {month} 2026" in text_of(await talk.say("je veux saisir mes recherches d'emploi"))


async def test_what_was_entered_is_there_in_every_conversation(counter: Counter, talk: Talk) -> None:
    await talk.say(MANOR)
    await counter.work()
    async with counter.talking() as other:
        shown = await other.say("mes recherches de mars")
        assert "1. **Manor**, vendeuse" in text_of(shown)
        assert "enregistrée sur Job-Room" in text_of(shown)
        await other.say("le 1 : c'était à plein temps")
        request = await last_request(counter)
        assert (request["workload"], request["company"]["email"]) == ("FULLTIME", "rh@manor.test")


async def test_target_is_shown_and_nothing_judged(counter: Counter, talk: Talk) -> None:
    await talk.say(COOP)
    await talk.say("mon objectif est de 8 recherches")
    ended = text_of(await talk.say("c'est tout"))
    assert "Vous m'avez dit un objectif de 8 recherches : vous en êtes à 1." in ended
    assert "semaine du 9 au dimanche 15 mars 2026 : 1" in ended
    assert "suffi" not in ended


# Transmitting.


async def test_month_is_transmitted_only_on_an_explicit_yes(counter: Counter, talk: Talk) -> None:
    at("2026-03-28")
    await talk.say(COOP)
    asked = await talk.tap("Transmettre maintenant")
    assert asked.state.phase is Phase.AWAITING_CONFIRMATION
    assert "ne s'annule pas" in text_of(asked)
    assert (await talk.tap("Non, pas maintenant")).state.slot == "is_done"
    assert await journal(counter) == [("add_effort", "Coop")]
    await talk.tap("Transmettre maintenant")
    sent = await talk.say("oui")
    assert effects(sent) == [("submit_job_search", None)]
    assert sent.state.phase is Phase.SUBMITTED
    assert await journal(counter) == [("add_effort", "Coop"), ("transmit_report", None)]
    assert "**Transmis à l'ORP par Job-Room le 28 mars 2026" in await said_last(counter, talk)
    after = await talk.say("mes recherches de mars : Coop refus")
    assert "déjà transmises à l'ORP" in text_of(after)
    assert len(await journal(counter)) == 2


async def test_too_early_is_said_with_the_first_day(talk: Talk) -> None:
    await talk.say(COOP)
    refused = await talk.say("transmets à l'orp")
    assert "dès le jeudi 26 mars 2026" in text_of(refused)
    assert refused.state.slot == "is_done"


async def test_transmission_waits_for_what_was_entered_before(counter: Counter, talk: Talk) -> None:
    at("2026-03-28")
    await counter.fault("down", count=1_000, path=EFFORTS)
    await talk.say(COOP)
    await talk.tap("Transmettre maintenant")
    await talk.say("oui")
    assert await journal(counter) == []
    await counter.mended()
    at("2026-03-28", "18:00")
    assert await journal(counter) == [("add_effort", "Coop"), ("transmit_report", None)]


# When something goes wrong.


async def test_writes_keep_their_order_through_an_outage(counter: Counter, talk: Talk) -> None:
    await counter.fault("down", count=1_000, path=REPORTS + "/efforts*")
    await talk.say(COOP)
    await talk.say("le 1 : c'était à plein temps")
    await counter.work()
    await counter.mended()
    at("2026-03-11", "20:00")
    assert await journal(counter) == [("add_effort", "Coop"), ("change_effort", "Coop")]
    assert (await last_request(counter))["workload"] == "FULLTIME"


async def test_lost_answer_does_not_enter_twice(counter: Counter, talk: Talk) -> None:
    await counter.fault("lost", count=2, path=EFFORTS)
    await talk.say(COOP)
    await counter.work()
    at("2026-03-11", "20:00")
    assert await journal(counter) == [("add_effort", "Coop")]
    efforts = [one for one in await counter.submissions(talk) if one.kind is Kind.EFFORT]
    assert [one.state for one in efforts] == [State.RECEIVED]


async def test_refusal_is_told_and_shown(counter: Counter, talk: Talk) -> None:
    await counter.fault("409", reason="already-transmitted", path=EFFORTS)
    await talk.say(COOP)
    await counter.work()
    assert "sont déjà transmises à l'ORP" in await said_last(counter, talk)
    assert "**refusée par Job-Room**" in text_of(await talk.say("mes recherches de mars"))


async def test_month_that_does_not_arrive_is_told_once_and_handed_over(counter: Counter, talk: Talk) -> None:
    await counter.fault("down", count=1_000_000, path=REPORTS + "/efforts*")
    await talk.say(COOP)
    await talk.say(PAYOT)
    for hour in ("10:30", "12:00", "18:00"):
        at("2026-03-12", hour)
        await counter.work()
    said = [message.text for message in await transcript(counter.program.database, talk.session)]
    assert sum("n'a pas encore pris toutes vos recherches" in text for text in said) == 1
    async with counter.program.database.reading() as connection:
        (case,) = await open_cases(connection)
    assert case.topic == "tx_job_search"


async def test_both_open_months_are_offered(counter: Counter, talk: Talk) -> None:
    at("2026-04-02")
    asked = await talk.say("je veux saisir mes recherches")
    assert "Vos recherches de mars 2026" in text_of(asked)
    asked = await talk.tap("Plutôt avril 2026")
    assert "Vos recherches de avril 2026" in text_of(asked)
    await talk.tap("Plutôt mars 2026")
    at("2026-04-20")
    asked = await talk.say("je veux saisir mes recherches")
    assert not [choice for message in asked.messages for choice in message.choices if "Plutôt" in choice.label]


# Reminders.


async def test_who_has_something_left_is_reminded_until_they_say_stop(counter: Counter, talk: Talk) -> None:
    await talk.say("Coop le 9 caissière, temps partiel, en attente, pas d'assignation")
    await talk.tap("Plus tard")
    await talk.say("c'est tout")
    at("2026-03-25", "09:00")
    await counter.work()
    assert "Rappel : vos recherches de mars 2026" in await said_last(counter, talk)
    await talk.say("stop rappels")
    for day in ("2026-04-01", "2026-04-03", "2026-04-05"):
        at(day, "09:00")
        await counter.work()
    said = [message.text for message in await transcript(counter.program.database, talk.session)]
    assert sum("Rappel : vos recherches" in text for text in said) == 1


async def test_who_has_nothing_left_is_not_reminded(counter: Counter, talk: Talk) -> None:
    await talk.say(COOP)
    await talk.say("c'est tout")
    at("2026-03-25", "09:00")
    await counter.work()
    assert "Rappel" not in await said_last(counter, talk)


async def test_next_month_is_reminded_of_too_once_something_was_entered(counter: Counter, talk: Talk) -> None:
    await talk.say(COOP)
    await talk.say("c'est tout")
    at("2026-04-05", "09:00")
    await counter.work()
    assert "Rappel" not in await said_last(counter, talk)
    at("2026-04-25", "09:00")
    await counter.work()
    assert "Rappel : vos recherches de avril 2026" in await said_last(counter, talk)
    assert "Je n'en ai encore aucune ici" in await said_last(counter, talk)
    at("2026-05-05", "09:00")
    await counter.work()
    told = len(await transcript(counter.program.database, talk.session))
    for day in ("2026-05-25", "2026-06-05"):
        at(day, "09:00")
        await counter.work()
    assert len(await transcript(counter.program.database, talk.session)) == told, "who enters nothing is left alone"


async def test_month_that_was_transmitted_is_followed_by_the_next(counter: Counter, talk: Talk) -> None:
    at("2026-03-28")
    await talk.say(COOP.replace("le 9", "le 20"))
    await talk.tap("Transmettre maintenant")
    await talk.say("oui")
    await counter.work()
    for day, reminded in (("2026-04-03", False), ("2026-04-25", True)):
        at(day, "09:00")
        await counter.work()
        assert ("Rappel : vos recherches" in await said_last(counter, talk)) is reminded


# The paper form.


async def test_paper_form_is_kept_to_type_from_and_goes_nowhere(counter: Counter, talk: Talk) -> None:
    await talk.say("je veux saisir mes recherches de mars")
    file = await counter.file(talk, name="formulaire.pdf")
    shown = await talk.send(file)
    assert "Je ne lis pas les images" in text_of(shown)
    assert shown.state.slot == "entries"
    assert (await talk.say(COOP)).state.slot == "is_done"
    assert "Je ne lis pas" not in text_of(shown := await talk.say("montre la liste")), text_of(shown)
    assert await counter.kept(talk, file)
    assert await counter.received() == []
    await talk.say("annuler")
    assert not await counter.kept(talk, file)


# A whole month.


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.long)])
def anywhere(request: pytest.FixtureRequest) -> str:
    """The address of an empty database, once of each kind."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


async def test_month_is_played_with_the_e_service_down_on_the_fifth(
    settings: Settings, dialogue: Dialogue, anywhere: str
) -> None:
    where = {"database_url": anywhere, "secret_key": SecretStr("of this test" * 3)}
    async with (
        opened(settings.model_copy(update=where), dialogue, is_worked=False) as counter,
        counter.talking() as talk,
    ):
        at("2026-03-03")
        await talk.say("je veux saisir mes recherches de mars")
        await talk.say(MANOR)
        await talk.say("c'est tout")
        at("2026-03-12")
        await talk.say(COOP)
        await talk.say("c'est tout")
        assert await journal(counter) == [("add_effort", "Manor"), ("add_effort", "Coop")]
        at("2026-04-05", "09:00")
        await counter.fault("down", count=1_000_000, path=REPORTS + "*")
        await talk.say(PAYOT)
        assert len(await journal(counter)) == 2
        at("2026-04-05", "16:00")
        await counter.mended()
        assert (await journal(counter))[2:] == [("add_effort", "Payot")], "nothing waits here on the evening of the 5th"
        at("2026-04-06")
        assert "déjà transmises à l'ORP" in text_of(await talk.say("mes recherches de mars"))
        report = (await counter.program.eservices.report(await person(counter, talk), "2026-03")).model_dump()
        assert report["status"] == "SUBMITTED"
        assert [one["effort"]["company"]["name"] for one in report["efforts"]] == ["Manor", "Payot", "Coop"]


async def test_nothing_waits_in_the_evening_of_the_fifth(counter: Counter, talk: Talk) -> None:
    at("2026-04-03")
    await counter.fault("down", count=1_000_000, path=REPORTS + "*")
    await talk.say(PAYOT)
    await talk.say("c'est tout")
    for hour in range(48 + 12):  # the waits between attempts have grown long
        clock.freeze(clock.later(at("2026-04-03"), timedelta(hours=hour)))
        await counter.work()
    await counter.mended()
    for minutes in range(0, 120, 10):
        clock.freeze(clock.later(at("2026-04-05", "22:00"), timedelta(minutes=minutes)))
        await counter.work()
    assert clock.today() == date(2026, 4, 5)
    assert await journal(counter) == [("add_effort", "Payot")]


async def person(counter: Counter, talk: Talk) -> str:
    found = await counter.person_of(talk)
    assert found is not None
    return found
