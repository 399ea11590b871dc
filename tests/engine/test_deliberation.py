"""Messages that do not say one clear thing."""

from __future__ import annotations

from typing import Any

import pytest

from bot.engine.classifier import FULL_RANKING, select_response
from bot.engine.deliberation import CLOSE_CALL, begins_after_greeting, deliberate, parts_of
from bot.program import Program
from tests.support.conversing import Talk, text_of


def parsed(*ranking: tuple[str, float], text: str = "?") -> dict[str, Any]:
    """What Rasa would make of a message with these intents, the likeliest first."""
    intent, confidence = ranking[0]
    base = intent.partition("/")[0]
    selector = {base: select_response([(intent, confidence)])} if base != intent else {}
    return {
        "text": text,
        "intent": {"name": base, "confidence": confidence},
        "response_selector": selector,
        FULL_RANKING: [{"name": name, "confidence": share} for name, share in ranking],
    }


def anything(_intent: str) -> bool:
    return True


def test_clear_message_is_taken_for_what_it_is() -> None:
    found = deliberate(parsed(("faq/pcm_what", 0.7), ("faq/are_what", 0.2)), {}, anything)
    assert (found.intent, found.confidence, found.options) == ("faq/pcm_what", 0.7, ())
    assert found.parsed["intent"]["name"] == "faq"


@pytest.mark.parametrize(
    ("ranking", "options"),
    [
        ((("faq/pcm_what", 0.4), ("faq/are_what", 0.3), ("tx_ipa", 0.1)), ("faq/pcm_what", "faq/are_what")),
        ((("tx_ipa", 0.3), ("faq/are_what", 0.28), ("faq/pcm_what", 0.27)), ("tx_ipa", "faq/are_what", "faq/pcm_what")),
        ((("tx_ipa", 0.44), ("faq/are_what", 0.26)), ()),
        ((("tx_ipa", 0.46), ("faq/are_what", 0.45)), ()),
        ((("tx_ipa", 0.1), ("faq/are_what", 0.1)), ()),
        ((("tx_ipa", 0.3), ("nlu_fallback", 0.28)), ()),
        ((("nlu_fallback", 0.4), ("tx_ipa", 0.3), ("faq/are_what", 0.3)), ()),
    ],
)
def test_close_call_is_asked_about(ranking: tuple[tuple[str, float], ...], options: tuple[str, ...]) -> None:
    found = deliberate(parsed(*ranking), {}, lambda intent: intent != "nlu_fallback")
    assert found.options == options
    assert found.intent == ranking[0][0], "what is likeliest is what is reported"
    assert (found.parsed["intent"]["name"] == CLOSE_CALL) == bool(options)


def test_first_of_two_requests_is_answered_and_the_second_offered() -> None:
    parts = {"Comment m'inscrire ?": parsed(("faq/registration_steps", 0.9)), "C'est quand ?": parsed(("tx_ipa", 0.8))}
    found = deliberate(parsed(("tx_ipa", 0.5)), parts, anything)
    assert (found.intent, found.options) == ("faq/registration_steps", ("tx_ipa",))
    assert found.parsed["response_selector"]["faq"]["response"]["intent_response_key"] == "faq/registration_steps"


@pytest.mark.parametrize(
    "parts",
    [
        {"Comment ?": parsed(("faq/pcm_what", 0.9)), "Combien ?": parsed(("faq/pcm_amount", 0.9))},
        {"Comment ?": parsed(("faq/pcm_what", 0.9)), "Combien ?": parsed(("tx_ipa", 0.5))},
        {"J'ai tout perdu.": parsed(("tx_ipa", 0.9)), "Comment ?": parsed(("faq/pcm_what", 0.9))},
        {"Comment ?": parsed(("faq/are_what", 0.9)), "Combien ?": parsed(("tx_ipa", 0.9))},
    ],
    ids=["same topic", "second unclear", "only tells the situation", "whole is neither"],
)
def test_what_is_not_two_requests_is_taken_as_a_whole(parts: dict[str, dict[str, Any]]) -> None:
    found = deliberate(parsed(("faq/pcm_what", 0.7)), parts, anything)
    assert (found.intent, found.options) == ("faq/pcm_what", ())


def test_one_sentence_of_distress_outweighs_everything_else() -> None:
    parts = {"Je veux mourir.": parsed(("crisis", 0.8)), "C'est quand ?": parsed(("tx_ipa", 0.99))}
    found = deliberate(parsed(("tx_ipa", 0.9)), parts, anything)
    assert (found.intent, found.parsed["intent"]["name"]) == ("crisis", "crisis")


def test_who_asks_for_a_human_in_one_sentence_gets_one_whatever_the_others_say() -> None:
    parts = {"Je veux parler à un humain.": parsed(("human_handover", 0.95)), "Opposition ?": parsed(("tx_ipa", 0.5))}
    found = deliberate(parsed(("tx_deadline", 0.7)), parts, anything)
    assert (found.intent, found.options) == ("human_handover", ("tx_deadline",))
    assert deliberate(parsed(("tx_deadline", 0.5)), parts, anything).options == ()


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Comment m'inscrire ?", []),
        ("Je suis malade. Que dois-je faire ?", ["Je suis malade.", "Que dois-je faire ?"]),
        (
            "comment je m'inscris et combien de temps ça dure",
            ["comment je m'inscris", "et combien de temps ça dure"],
        ),
        (
            "je veux parler à un humain, j'ai reçu une décision",
            ["je veux parler à un humain", "j'ai reçu une décision"],
        ),
        ("mon CV et mes diplômes", []),
        ("", []),
    ],
)
def test_message_is_cut_where_another_request_may_begin(text: str, parts: list[str]) -> None:
    assert parts_of(text) == parts


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("bonjour je suis malade depuis lundi", "je suis malade depuis lundi"),
        ("Bonsoir Madame, où trouver mon IPA ?", "où trouver mon IPA ?"),
        ("Bonjour", "Bonjour"),
        ("salut toi", "salut toi"),
        ("madame Dupont m'a appelé", "Dupont m'a appelé"),
        ("où dire bonjour", "où dire bonjour"),
    ],
)
def test_greeting_is_no_part_of_what_a_text_is_about(text: str, rest: str) -> None:
    assert text[begins_after_greeting(text) :] == rest


async def test_who_says_hello_first_is_understood_all_the_same(talk: Talk) -> None:
    reply = await talk.say("Bonjour Madame, j'ai reçu une décision de la caisse le 2 mars")
    assert reply.debug.topic == "tx_deadline"
    assert reply.debug.slots["notification_date"] == "2026-03-02"


async def test_close_call_is_asked_in_words_that_people_know(talk: Talk) -> None:
    reply = await talk.say("opposition sanction")
    assert "Que voulez-vous savoir" in text_of(reply)
    labels = [choice.label for message in reply.messages for choice in message.choices]
    assert len(labels) >= 2
    assert not any("_" in label or "/" in label for label in labels)
    assert reply.debug.topic == "objection"
    answer = await talk.tap(labels[0])
    assert "Que voulez-vous savoir" not in text_of(answer)
    assert answer.debug.topic == "objection"


async def test_second_request_is_one_tap_away(talk: Talk, program: Program) -> None:
    reply = await talk.say("comment je m'inscris au chômage et c'est quoi l'IPA ?")
    assert reply.debug.topic == "registration"
    (label,) = [c.label for message in reply.messages for c in message.choices if "IPA" in c.label]
    assert (await talk.tap(label)).debug.topic == "ipa_rules"


async def test_human_and_a_deadline_in_one_sentence_are_both_there(talk: Talk) -> None:
    reply = await talk.say("je veux parler à un humain, j'ai reçu une décision de sanction et je veux faire opposition")
    assert [effect["op"] for effect in reply.debug.effects] == ["create_handover"]
    offered = [choice.label for message in reply.messages for choice in message.choices]
    assert {"Rédiger une opposition", "Calculer ma date limite"} & set(offered)


async def test_second_time_in_a_row_a_human_takes_over(talk: Talk) -> None:
    first = await talk.say("qsdf jklm")
    assert "pas sûr de comprendre" in text_of(first)
    assert first.debug.effects == []
    second = await talk.say("lkjhgf mnbvc")
    assert "toujours pas" in text_of(second)
    assert [effect["op"] for effect in second.debug.effects] == ["create_handover"]


async def test_correction_of_nothing_that_does_not_begin_like_one_is_not_understood(talk: Talk) -> None:
    assert "pas sûr de comprendre" in text_of(await talk.say("j'ai deux enfants"))


async def test_what_was_understood_in_between_starts_the_count_anew(talk: Talk) -> None:
    await talk.say("qsdf jklm")
    await talk.say("merci beaucoup")
    assert (await talk.say("lkjhgf mnbvc")).debug.effects == []
