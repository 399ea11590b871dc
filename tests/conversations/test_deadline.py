"""«J'ai jusqu'à quand ?» as whole conversations: every branch, on every kind of day."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from base import clock
from bot.engine.dialogue import Dialogue
from bot.program import Program, assembled
from casework import drafts
from conversations.models import Phase
from tests.support.conversing import Talk, still_asked, talking, text_of


def at(day: str, time: str = "10:15") -> None:
    """Moves the program's clock."""
    clock.freeze(datetime.fromisoformat(f"{day}T{time}").replace(tzinfo=clock.ZONE))


FUND_LETTER = "décision de la caisse reçue le {day} par courrier normal, délai d'opposition ?"

WITHOUT_DAY = "calcule mon délai d'opposition, décision de la caisse par courrier normal"

PCM_LETTER = "refus de pcm de l'oce reçu le 1er avril par courrier normal, calcule mon délai d'opposition"


# Asking only what is missing.


async def test_hurried_question_is_led_to_its_date_step_by_step(talk: Talk) -> None:
    asked = await talk.say("j'ai reçu une décision, j'ai combien de temps ?")
    assert (asked.state.phase, asked.state.form, asked.state.slot) == (Phase.IN_FORM, "deadline_form", "act")
    assert (asked.state.step, asked.state.expects) == (2, "choice")
    assert (await talk.tap("« Décision »")).state.slot == "authority"
    assert (await talk.tap("L'OCE")).state.slot == "benefit"
    assert (await talk.tap("Indemnités")).state.slot == "delivery"
    day = await talk.tap("sans signature")
    assert (day.state.slot, day.state.expects, day.state.step, day.state.steps) == (
        "notification_date",
        "past_date",
        6,
        6,
    )
    answer = await talk.say("le 5")
    assert "**Envoyez votre opposition au plus tard le vendredi 17 avril 2026.**" in text_of(answer)
    assert (answer.state.phase, answer.state.form, answer.state.step) == (Phase.IDLE, None, None)
    assert answer.debug.slots["notification_date"] == "2026-03-05"


async def test_everything_said_at_once_is_answered_at_once(talk: Talk) -> None:
    answer = await talk.say(FUND_LETTER.format(day="lundi 9 mars"))
    assert "reçue le lundi 9 mars 2026" in text_of(answer)
    assert "**Envoyez votre opposition au plus tard le jeudi 23 avril 2026.**" in text_of(answer)


async def test_fund_decides_on_federal_benefits_so_that_this_is_not_asked(talk: Talk) -> None:
    await talk.say("j'ai reçu une sanction de ma caisse, calcule mon délai")
    assert (await talk.tap("signé ou retiré")).state.slot == "notification_date"


@pytest.mark.parametrize(
    ("replies", "what", "safe"),
    [
        # Registered and signed at the door.
        (
            ["Décision »", "caisse", "signé ou retiré", "le 5", "Pas d'avis"],
            "votre opposition",
            "vendredi 17 avril 2026",
        ),
        # Registered and fetched late: the seventh day after the notice counts.
        (["Décision »", "caisse", "signé ou retiré", "le 10", "le 2"], "votre opposition", "jeudi 23 avril 2026"),
        # Registered and fetched within seven days: the day of fetching counts.
        (["Décision »", "caisse", "signé ou retiré", "le 5", "le 3"], "votre opposition", "vendredi 17 avril 2026"),
        # Not fetched (E10 of the worked examples).
        (["Décision »", "caisse", "pas retirée", "le 4"], "votre opposition", "vendredi 24 avril 2026"),
        (["Décision »", "OCE", "Indemnités", "main propre", "le 5"], "votre opposition", "vendredi 17 avril 2026"),
        (["Décision »", "OCE", "Indemnités", "sais plus", "le 5"], "votre opposition", "vendredi 17 avril 2026"),
        # Cantonal benefits: counted without suspension.
        (["Décision »", "OCE", "PCM", "sans signature", "le 5"], "votre opposition", "jeudi 2 avril 2026"),
        # What the decision is about is not known: the earlier date.
        (["Décision »", "OCE", "sais pas", "sans signature", "le 5"], "votre opposition", "jeudi 2 avril 2026"),
        (["sais pas", "caisse", "sans signature", "le 5"], "votre opposition", "vendredi 17 avril 2026"),
        (["sur opposition", "caisse", "sans signature", "le 5"], "votre recours", "vendredi 17 avril 2026"),
        (
            ["sur opposition", "sais pas", "Indemnités", "sans signature", "le 5"],
            "votre recours",
            "vendredi 17 avril 2026",
        ),
    ],
)
async def test_every_branch_of_a_decision_leads_to_its_date(
    talk: Talk, replies: list[str], what: str, safe: str
) -> None:
    await talk.say("j'ai reçu une décision, j'ai combien de temps ?")
    for reply in replies:
        await (talk.say(reply) if reply.startswith("le ") else talk.tap(reply))
    assert talk.reply is not None
    assert f"**Envoyez {what} au plus tard le {safe}.**" in text_of(talk.reply)


# The answer, by the day it is asked on.


@pytest.mark.parametrize(
    ("today", "received", "expected"),
    [
        pytest.param(
            "2025-02-10", "5 février", "au plus tard le vendredi 7 mars 2025.** D'ici là, il reste 20", id="E01"
        ),
        pytest.param("2025-01-30", "23 janvier", "au plus tard le vendredi 21 février 2025.**", id="E02 Saturday"),
        pytest.param("2025-04-01", "31 mars", "au plus tard le jeudi 15 mai 2025.**", id="E03 Easter"),
        pytest.param("2025-05-09", "8 mai", "au plus tard le vendredi 6 juin 2025.**", id="E05 Whitsun"),
        pytest.param(
            "2025-07-14", "11 juillet", "au plus tard le mercredi 10 septembre 2025.**", id="E06 summer, Jeûne"
        ),
        pytest.param("2025-08-01", "29 juillet", "au plus tard le vendredi 12 septembre 2025.**", id="E07 in summer"),
        pytest.param(
            "2025-12-31", "24 décembre", "au plus tard le vendredi 30 janvier 2026.**", id="E09 on 31 December"
        ),
        pytest.param("2027-03-26", "25 mars 2027", "au plus tard le mardi 4 mai 2027.**", id="E14 in Easter"),
        pytest.param(
            "2025-02-21", "23 janvier", "**Envoyez votre opposition aujourd'hui, vendredi 21", id="on the safe date"
        ),
        pytest.param("2026-03-08", "7 février", "C'est le prochain jour ouvrable", id="on the Sunday before"),
        pytest.param(
            "2025-02-22", "23 janvier", "tout de suite : le délai finit le lundi 24", id="the Saturday between"
        ),
        pytest.param("2025-02-24", "23 janvier", "tout de suite : le délai finit le lundi 24", id="on the deadline"),
        pytest.param("2025-02-25", "23 janvier", "**Le délai est passé : il finissait le lundi 24", id="the day after"),
        pytest.param(
            "2026-04-01", "26 février", "sans doute passé : il finissait le lundi 30 mars", id="E16 contested"
        ),
        pytest.param(
            "2026-04-13", "26 février", "Certains défendraient encore le lundi 13 avril", id="E16 its last day"
        ),
        pytest.param("2026-04-14", "26 février", "**Le délai est passé : il finissait le lundi 30", id="E16 over"),
    ],
)
async def test_answer_says_where_the_person_stands(talk: Talk, today: str, received: str, expected: str) -> None:
    at(today)
    assert expected in text_of(await talk.say(FUND_LETTER.format(day=received)))


async def test_answer_names_the_later_date_only_as_nothing_to_count_on(talk: Talk) -> None:
    at("2026-03-02")
    text = text_of(await talk.say(FUND_LETTER.format(day="26 février")))
    assert "au plus tard le vendredi 27 mars 2026.**" in text
    assert "Le dernier jour du délai est le lundi 30 mars 2026." in text
    assert "lundi 13 avril 2026 : n'y comptez pas." in text


async def test_letter_without_signature_on_a_saturday_counts_from_then(talk: Talk) -> None:
    """Whether the Act of 26.9.2025 is in force is not confirmed: the later date is nothing to count on."""
    text = text_of(await talk.say(FUND_LETTER.format(day="samedi 7 mars")))
    assert "au plus tard le mardi 21 avril 2026.**" in text
    assert "La date la plus tardive qui se défendrait est le jeudi 23 avril 2026 : **n'y comptez pas.**" in text


async def test_count_is_explained_in_three_to_six_lines_with_sources(talk: Talk) -> None:
    at("2025-07-14")
    reply = await talk.say(FUND_LETTER.format(day="11 juillet"))
    lines = [line for line in text_of(reply).splitlines() if line[:2] in {f"{number}." for number in range(1, 10)}]
    assert 3 <= len(lines) <= 6
    assert any("suspendu" in line for line in lines)
    assert {"art. 38 al. 4 let. b LPGA", "art. 52 al. 1 LPGA"} <= {
        source.article for message in reply.messages for source in message.sources
    }


@pytest.mark.parametrize(
    ("authority", "act", "address"),
    [
        ("OCE", "Décision »", "rue des Gares 16"),
        ("caisse", "Décision »", "votre caisse de chômage, à l'adresse écrite à la fin de la décision"),
        ("caisse", "sur opposition", "case postale 1955, 1211 Genève 1"),
    ],
)
async def test_answer_says_what_to_send_to_whom_and_how(talk: Talk, authority: str, act: str, address: str) -> None:
    await talk.say("j'ai reçu une décision le 5, j'ai combien de temps ?")
    for choice in (act, authority, *(["Indemnités"] if authority == "OCE" else []), "sans signature"):
        await talk.tap(choice)
    assert talk.reply is not None
    text = text_of(talk.reply)
    for part in (address, "la main", "pourquoi", "recommandé", "Un e-mail ne compte pas"):
        assert part in text
    assert ("accusé de réception" in text) == (act == "Décision »"), "the court's counter is not known"


async def test_counter_is_not_advised_on_a_day_when_it_is_closed(talk: Talk) -> None:
    at("2026-04-20")
    text = text_of(await talk.say(PCM_LETTER))
    assert "au plus tard le vendredi 1er mai 2026.**" in text
    assert "venez le jeudi 30 avril 2026 au plus tard" in text
    at("2026-05-01")
    text = text_of(await talk.say(PCM_LETTER))
    assert "Le guichet de l'autorité est fermé ce jour-là." in text
    assert "accusé de réception" not in text


async def test_uncollected_letter_is_to_be_fetched(talk: Talk) -> None:
    reply = await talk.say("avis jaune du 4 mars, lettre de la caisse pas retirée, délai d'opposition ?")
    assert "Allez chercher la lettre" in text_of(reply)


async def test_missed_deadline_leads_to_restitution_without_false_hope(talk: Talk) -> None:
    at("2026-05-04")
    missed = await talk.say(FUND_LETTER.format(day="26 février"))
    assert "C'est strict" in text_of(missed)
    asked = await talk.tap("Compter ce délai")
    assert asked.state.slot == "obstacle_end", "act and authority are known from before"
    answer = await talk.say("je suis sorti de l'hôpital le 28 avril")
    assert "**Envoyez votre demande de restitution du délai au plus tard le jeudi 28 mai 2026.**" in text_of(answer)
    assert "ce n'est pas gagné d'avance" in text_of(answer)
    assert "votre caisse de chômage" in text_of(answer)


async def test_letter_that_waits_at_the_post_office_is_counted_as_if_fetched_today(talk: Talk) -> None:
    asked = "avis jaune du 10 mars, lettre de la caisse pas retirée, calcule mon délai d'opposition"
    reply = await talk.say(asked)
    assert "au plus tard le vendredi 24 avril 2026.**" in text_of(reply)
    assert "Je compte comme si vous la retiriez aujourd'hui" in text_of(reply)
    assert "received=" not in text_of(reply), "nobody has received it yet"
    fetched = await talk.tap("Je l'ai retirée")
    assert fetched.state.slot == "notification_date"


@pytest.mark.parametrize("unsure", ["Je ne sais plus", "je sais plus"])
async def test_unfetched_letter_without_its_notice_cannot_be_counted(talk: Talk, unsure: str) -> None:
    asked = await talk.say("lettre de la caisse pas encore retirée à la poste, calcule mon délai d'opposition")
    assert asked.state.slot == "notice_date"
    again = await (talk.tap(unsure) if unsure[0] == "J" else talk.say(unsure))
    assert "Sans le jour de l'avis, je ne peux pas compter" in text_of(again)
    assert again.state.slot == "notice_date"
    assert "au plus tard le" in text_of(await talk.say("le 4"))


async def test_unfetched_letter_without_a_notice_was_signed_for(talk: Talk) -> None:
    await talk.say("lettre de la caisse pas encore retirée à la poste, calcule mon délai d'opposition")
    assert (await talk.tap("Pas d'avis")).state.slot == "notification_date"


async def test_unknown_benefit_between_both_counts_says_what_depends_on_it(talk: Talk) -> None:
    at("2026-04-10")
    await talk.say("décision de l'oce reçue le 5 mars par courrier normal, calcule mon délai d'opposition")
    text = text_of(await talk.tap("Je ne sais pas"))
    assert "**Envoyez votre opposition aujourd'hui.**" in text
    assert "Pour une sanction ou des indemnités, il va jusqu'au lundi 20 avril 2026." in text


# Days.


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("le 5", "jeudi 5 mars 2026"),
        ("lundi passé", "lundi 9 mars 2026"),
        ("il y a trois jours", "dimanche 8 mars 2026"),
        ("reçu hier", "mardi 10 mars 2026"),
        ("3.3.", "mardi 3 mars 2026"),
        ("le 9 mars au matin", "lundi 9 mars 2026"),
        ("12", "jeudi 12 février 2026"),
        ("gestern", "mardi 10 mars 2026"),
        ("c'est écrit décision du 2 mais je l'ai reçue le 4", "mercredi 4 mars 2026"),
    ],
)
async def test_day_is_repeated_with_its_weekday(talk: Talk, typed: str, day: str) -> None:
    await talk.say(WITHOUT_DAY)
    assert f"Noté : reçue le {day}." in text_of(await talk.say(typed))


async def test_rough_day_is_taken_and_said_to_be_rough(talk: Talk) -> None:
    await talk.say(WITHOUT_DAY)
    text = text_of(await talk.say("mi-février"))
    assert "Noté : reçue le dimanche 15 février 2026." in text
    assert "Le jour que vous avez donné n'est pas exact." in text
    assert "n'est pas exact" not in text_of(await talk.say("non, c'était le 16 février"))


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("le 20 mars 2026", "Le vendredi 20 mars 2026 est dans le futur."),
        ("demain", "Le jeudi 12 mars 2026 est dans le futur."),
        ("le 5 mars 2022", "Le samedi 5 mars 2022, c'est il y a longtemps."),
        ("le 31 février", "« 31 février » : ce jour n'existe pas"),
        ("je sais plus", "Je n'ai pas compris de date."),
        ("l'autre jour", "Je n'ai pas compris de date."),
    ],
)
async def test_day_that_cannot_be_is_asked_again(talk: Talk, typed: str, why: str) -> None:
    asked = await talk.say(WITHOUT_DAY)
    again = await talk.say(typed)
    assert why in text_of(again)
    assert "Quel jour avez-vous reçu la lettre ?" in text_of(again)
    assert still_asked(again) == still_asked(asked)
    assert "Noté : reçue le jeudi 5 mars 2026." in text_of(await talk.say("le 5"))


async def test_letter_cannot_come_before_its_notice(talk: Talk) -> None:
    await talk.say("recommandé de la caisse retiré le 5, délai d'opposition ?")
    again = await talk.say("l'avis était du 9")
    assert "ces deux dates ne vont pas ensemble" in text_of(again)
    assert again.state.slot == "notice_date"


# Duties.


@pytest.mark.parametrize(
    ("choice", "reply", "expected"),
    [
        (
            "Mes recherches",
            "Ce mois-ci",
            "**Remettez vos recherches de mars 2026 au plus tard le dimanche 5 avril 2026.**",
        ),
        ("Mes recherches", "Le mois passé", "**Le délai pour les recherches de février 2026 est passé"),
        ("Mes recherches", "mars", "Le dernier jour admis par la règle est le mardi 7 avril 2026."),
        ("Mon IPA", "janvier", "**Pour janvier 2026, demandez vos indemnités au plus tard le jeudi 30 avril 2026"),
        (
            "Mon IPA",
            "novembre",
            "**Pour novembre 2025, le délai est passé : les indemnités devaient être demandées jusqu'au",
        ),
        ("maladie", "depuis lundi", "**Annoncez votre incapacité à l'ORP au plus tard le dimanche 15 mars 2026**"),
        (
            "maladie",
            "le 20 février",
            "**Le délai pour annoncer l'incapacité est passé : il finissait le jeudi 26 février 2026**",
        ),
        ("mesure", "le 31 mars", "**Inscrivez-vous au plus tard le jeudi 30 avril 2026**"),
        ("mesure", "le 31 janvier", "**Le délai connu est passé : il finissait le samedi 28 février 2026**"),
    ],
)
async def test_duties_have_their_dates(talk: Talk, choice: str, reply: str, expected: str) -> None:
    await talk.say("calcule mon délai")
    await talk.tap(choice)
    answer = await (talk.tap(reply) if "mois" in reply else talk.say(reply))
    assert expected in text_of(answer)
    assert answer.state.phase is Phase.IDLE
    assert any(message.sources for message in answer.messages)


@pytest.mark.parametrize(
    ("today", "choice", "reply", "expected"),
    [
        ("2026-04-06", "Mes recherches", "mars", "tout de suite : le dernier jour admis est le mardi 7 avril 2026"),
        ("2026-05-31", "Mon IPA", "février", "le droit s'éteint après le dimanche 31 mai 2026"),
        ("2026-03-08", "mesure", "le 8 février", "le délai connu finit le dimanche 8 mars 2026"),
    ],
)
async def test_duty_whose_safe_date_is_over_is_to_be_done_at_once(
    talk: Talk, today: str, choice: str, reply: str, expected: str
) -> None:
    at(today)
    await talk.say("calcule mon délai")
    await talk.tap(choice)
    assert expected in text_of(await talk.say(reply))


async def test_duty_due_today_says_so(talk: Talk) -> None:
    at("2026-11-05")
    await talk.say("calcule mon délai")
    await talk.tap("Mes recherches")
    assert "**C'est aujourd'hui.**" in text_of(await talk.tap("Le mois passé"))


# Correcting, asking in between, giving up, coming back.


async def test_day_is_corrected_while_something_else_is_asked(talk: Talk) -> None:
    asked = await talk.say("sanction de l'orp reçue le 5, j'ai jusqu'à quand ?")
    corrected = await talk.say("non, c'était le 9")
    assert "Noté : reçue le lundi 9 mars 2026." in text_of(corrected)
    assert still_asked(corrected) == still_asked(asked)


async def test_authority_is_corrected_and_what_hung_on_it(talk: Talk) -> None:
    await talk.say("décision de l'OCE reçue le 9 par courrier normal, délai d'opposition ?")
    text = text_of(await talk.say("en fait une caisse, pas l'OCE"))
    assert "Noté : décision de la caisse de chômage." in text
    assert "au plus tard le jeudi 23 avril 2026" in text


async def test_answer_by_the_way_takes_nothing_back(talk: Talk) -> None:
    await talk.say("recommandé de la caisse retiré le 9, délai d'opposition ?")
    text = text_of(await talk.say("l'avis était du 5"))
    assert "Décision reçue le lundi 9 mars 2026." in text


async def test_answer_is_corrected_after_the_end(talk: Talk) -> None:
    await talk.say(FUND_LETTER.format(day="5 mars"))
    text = text_of(await talk.say("ah non, la décision je l'ai reçue le 6"))
    assert "Décision reçue le vendredi 6 mars 2026." in text
    assert "au plus tard le lundi 20 avril 2026" in text


async def test_what_is_wrong_can_be_tapped(talk: Talk) -> None:
    await talk.say(FUND_LETTER.format(day="5 mars"))
    asked = await talk.tap("Corriger une réponse")
    assert "Que faut-il corriger ?" in text_of(asked)
    assert (await talk.tap("La date")).state.slot == "notification_date"
    assert "reçue le mercredi 4 mars 2026" in text_of(await talk.say("le 4"))


async def test_last_answer_is_taken_back(talk: Talk) -> None:
    await talk.say("j'ai reçu une décision, j'ai combien de temps ?")
    await talk.tap("« Décision »")
    assert (await talk.tap("Ma caisse")).state.slot == "delivery"
    assert (await talk.say("retour à la question précédente")).state.slot == "authority"


async def test_question_in_the_middle_is_answered_and_asked_back(talk: Talk) -> None:
    await talk.say("j'ai reçu une décision, j'ai combien de temps ?")
    asked = await talk.tap("« Décision »")
    between = await talk.say("au fait il est où mon numéro personnel ?")
    assert "confirmation d'inscription" in between.messages[0].text
    assert between.messages[-1].text == asked.messages[-1].text
    assert still_asked(between) == still_asked(asked)
    assert (await talk.say("ma caisse")).state.slot == "delivery"


async def test_other_task_in_the_middle_comes_back(talk: Talk) -> None:
    asked = await talk.say("j'ai reçu une décision, j'ai combien de temps ?")
    await talk.say("puis-je envoyer des documents pour ma demande")
    back = await talk.tap("Droit en cours d'examen")
    assert text_of(back).startswith("**Oui.**")
    assert back.messages[-1].text == asked.messages[-1].text
    assert still_asked(back) == still_asked(asked)


async def test_distress_is_heard_in_the_middle_and_doubt_is_not_taken_for_it(talk: Talk) -> None:
    await talk.say(WITHOUT_DAY)
    assert "143" not in text_of(await talk.say("je sais plus"))
    distress = await talk.say("j'en peux plus je veux mourir")
    assert "143" in text_of(distress)
    assert distress.state.form is None


@pytest.mark.parametrize(
    "typed", ["hier et depuis jpense qu'a disparaitre", "reçue hier, jme sens si mal que jveux plus etre la"]
)
async def test_distress_is_heard_in_an_answer(talk: Talk, typed: str) -> None:
    await talk.say(WITHOUT_DAY)
    assert "143" in text_of(await talk.say(typed))


async def test_wish_to_stop_is_no_answer(talk: Talk) -> None:
    await talk.say("recommandé de la caisse retiré le 9, calcule mon délai d'opposition")
    assert (await talk.say("non stop annule tout")).state.phase is Phase.CANCELLED


async def test_cause_that_is_named_is_no_other_time_limit(talk: Talk) -> None:
    asked = await talk.say("décision de l'oce reçue le 5 par courrier normal, calcule mon délai d'opposition")
    assert asked.state.slot == "benefit"
    answered = await talk.say("non c'est pour mes recherches")
    assert "Envoyez votre opposition" in text_of(answered)


async def test_unusable_day_leaves_the_rest(talk: Talk) -> None:
    asked = await talk.say("décision de l'oce reçue le 31 février par courrier normal, calcule mon délai")
    assert "ce jour n'existe pas" in text_of(asked)
    assert asked.state.slot == "act", "office and way of delivery are known"
    await talk.tap("« Décision »")
    assert (await talk.tap("Indemnités")).state.slot == "notification_date"


async def test_correction_that_was_asked_for_is_listened_to(talk: Talk) -> None:
    await talk.say(FUND_LETTER.format(day="5 mars"))
    asked = await talk.tap("Corriger une réponse")
    assert (asked.state.form, asked.state.slot) == ("deadline_form", "correction")
    text = text_of(await talk.say("le 9"))
    assert "Noté : reçue le lundi 9 mars 2026." in text
    assert "au plus tard le jeudi 23 avril 2026" in text


async def test_correction_that_is_given_up_leaves_what_was_answered(talk: Talk) -> None:
    await talk.say(FUND_LETTER.format(day="5 mars"))
    await talk.tap("Corriger une réponse")
    await talk.say("laisse tomber")
    assert "Décision reçue le vendredi 6 mars 2026." in text_of(await talk.say("ah non, je l'ai reçue le 6"))


async def test_what_is_told_after_the_end_is_no_correction(talk: Talk, program: Program) -> None:
    await talk.say(FUND_LETTER.format(day="5 mars"))
    await talk.say("non mais hier j'ai pas été payé")
    async with program.database.reading() as connection:
        stored = await drafts.latest(connection, talk.session.id)
    assert stored is not None
    assert stored.content["notification_date"] == "2026-03-05"


async def test_other_time_limit_takes_the_place_of_the_wrong_one(talk: Talk) -> None:
    await talk.say(FUND_LETTER.format(day="5 mars"))
    await talk.tap("Corriger une réponse")
    assert (await talk.tap("Ce n'est pas ce délai")).state.slot == "kind"
    await talk.tap("Mes recherches")
    await talk.tap("Ce mois-ci")
    lines = [line for line in text_of(await talk.say("mes échéances")).splitlines() if line.startswith("- ")]
    assert len(lines) == 1
    assert "recherches" in lines[0]


async def test_task_is_given_up_and_nothing_of_it_stays(talk: Talk, program: Program) -> None:
    await talk.say("j'ai reçu une décision, j'ai combien de temps ?")
    cancelled = await talk.say("laisse tomber")
    assert (cancelled.state.phase, cancelled.state.form, cancelled.state.step) == (Phase.CANCELLED, None, None)
    async with program.database.reading() as connection:
        assert await drafts.latest(connection, talk.session.id) is None


async def test_task_goes_on_after_a_week_and_a_restart(program: Program, dialogue: Dialogue) -> None:
    async with talking(program.assistant, program.database) as talk:
        await talk.say("sanction de ma caisse reçue le 5 par courrier normal, calcule")
        begun = await talk.say("j'ai reçu une décision, j'ai combien de temps ?")
        assert begun.state.slot == "act"
    at("2026-03-18")
    async with assembled(program.settings, dialogue) as restarted:
        again = Talk(restarted.assistant, talk.session)
        greeted = await again.say("bonjour")
        assert greeted.messages[-1].text == begun.messages[-1].text
        await again.say("décision sur opposition de la caisse, par courrier normal")
        assert "Noté : reçue le lundi 16 mars 2026." in text_of(await again.say("avant-hier"))


async def test_next_decision_begins_from_nothing(talk: Talk) -> None:
    await talk.say(FUND_LETTER.format(day="5 mars"))
    asked = await talk.say("j'ai reçu une autre décision, calcule mon délai")
    assert asked.state.slot == "act"


async def test_choice_between_tasks_takes_along_what_was_said(talk: Talk, dialogue: Dialogue) -> None:
    offered = dialogue._with_options(  # the same as after a message that may mean several things
        (dialogue.write("utter_which_one", "fr"),),
        ("tx_deadline",),
        {"entities": [{"entity": "duty", "value": "incapacity"}, {"entity": "day", "value": "2026-03-09"}]},
        "fr",
        is_asked_again=False,
    )
    payload = offered[0].offers[0].payload
    assert payload == '/tx_deadline{"duty": "incapacity"}', "days mean nothing without their sentence"


def test_dates_of_this_file_are_those_of_the_frozen_clock() -> None:
    assert clock.today() == date(2026, 3, 11)


async def test_day_of_a_registered_letter_begins_to_count(talk: Talk) -> None:
    await talk.say("que veut dire une suspension de 12 jours ?")
    reply = await talk.say("reçue lundi passé en recommandé")
    assert reply.state.form == "deadline_form"
    assert "recommandé retiré ou signé" in text_of(reply)
