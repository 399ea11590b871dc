"""Whole stories at the console: two agents, and a jobseeker in the chat."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from base.settings import WEBHOOK_PATH
from tests.browser import server
from tests.browser.chat import Chat
from tests.browser.correspondent import Correspondent
from tests.browser.helpdesk import Desk, at_desk
from tests.browser.test_accessibility import SIDEWAYS, violations_in_light_and_dark
from tests.browser.visit import visiting
from tests.support.bot_api import TOKEN, BotApi

NADIA, MARC, ALAIN = "Nadia Keller", "Marc Duvanel", "Alain Jotterand"
TABLET = {"width": 820, "height": 1180}
ASKS = "je veux parler à un humain"
Seat = Callable[..., Desk]


@pytest.fixture
def seat(browser: Browser, address: str) -> Iterator[Seat]:
    """Seats agents; the test fails when one of their pages complains."""
    desks: list[Desk] = []
    with ExitStack() as chairs:

        def sit(name: str, **options: Any) -> Desk:
            desks.append(chairs.enter_context(at_desk(browser, address, name, **options)))
            return desks[-1]

        yield sit
    assert [complaint for desk in desks for complaint in desk.complaints] == []


def handed_over(chat: Chat) -> str:
    """The number of the case that the jobseeker gets."""
    answer = chat.ask(ASKS)
    expect(answer).to_contain_text(re.compile(r"C-\d{5}"))
    found = re.search(r"C-\d{5}", answer.inner_text())
    assert found
    return found[0]


def test_jobseeker_asks_one_agent_answers_and_the_other_is_told(chat: Chat, seat: Seat) -> None:
    nadia, marc = seat(NADIA), seat(MARC)
    number = handed_over(chat)
    for desk in (nadia, marc):
        desk.choose(number)
    expect(nadia.said).to_contain_text(ASKS)
    marc.reply.fill("Je m'en occupe.")
    nadia.press("Prendre le cas")
    expect(nadia.told).to_contain_text("Vous avez pris le cas.")
    expect(marc.page.locator("#head")).to_contain_text("Pris · Nadia Keller")
    marc.press("Envoyer la réponse")
    expect(marc.told.get_by_role("alert")).to_contain_text("Nadia Keller")
    expect(marc.reply).to_have_value("Je m'en occupe.")
    nadia.reply.fill("Bonjour, voici **ce qu'il faut faire**.")
    nadia.press("Envoyer la réponse")
    expect(nadia.told).to_contain_text("Votre réponse est partie.")
    expect(nadia.reply).to_have_value("")
    expect(chat.messages.last).to_contain_text("Bonjour, voici ce qu'il faut faire.")
    expect(nadia.said).to_contain_text("ce qu'il faut faire")
    expect(marc.said).to_contain_text("ce qu'il faut faire")
    nadia.unfold("Clore")
    nadia.press("Clore le cas")
    expect(nadia.page.locator("#head")).to_contain_text("Clos : réponse donnée")
    expect(chat.choices.first).to_be_visible()
    assert violations_in_light_and_dark(nadia.page) == []


@pytest.mark.long
def test_agent_takes_a_conversation_over_and_gives_it_back(chat: Chat, seat: Seat) -> None:
    nadia = seat(NADIA)
    number = handed_over(chat)
    nadia.open(f"/cases/{number}")
    nadia.press("Parler en direct")
    expect(nadia.page.locator("#head")).to_contain_text("En direct")
    expect(chat.messages.last).to_contain_text("Nadia Keller")
    before = chat.messages.count()
    chat.submit("où trouver mon numéro personnel ?")
    expect(nadia.said).to_contain_text("où trouver mon numéro personnel ?")
    nadia.reply.fill("Il est sur votre confirmation.")
    nadia.reply.press("Control+Enter")
    expect(chat.messages.last).to_contain_text("Il est sur votre confirmation.")
    assert chat.messages.count() == before + 2, "the assistant was silent"
    nadia.press("Rendre à l'assistant")
    expect(nadia.page.get_by_role("button", name="Parler en direct")).to_be_visible()
    expect(chat.messages).to_have_count(before + 3)
    expect(chat.ask("où trouver mon numéro personnel ?")).to_contain_text("deux documents")


@pytest.mark.long
def test_nothing_typed_is_lost_without_a_network_and_what_is_sent_again_arrives_once(chat: Chat, seat: Seat) -> None:
    nadia = seat(NADIA)
    nadia.open(f"/cases/{handed_over(chat)}")
    nadia.reply.fill("Une longue réponse.")
    nadia.page.context.set_offline(True)
    nadia.press("Envoyer la réponse")
    expect(nadia.trouble).to_contain_text("Pas de connexion. Rien n'est perdu")
    expect(nadia.reply).to_have_value("Une longue réponse.")
    nadia.page.context.set_offline(False)
    # The request arrives this time, and its answer does not.
    nadia.page.route("**/reply", lambda route: (route.fetch(), route.abort()))  # type: ignore[func-returns-value]  # both, one after the other
    nadia.page.get_by_role("button", name="Réessayer").click()
    expect(chat.messages.last).to_contain_text("Une longue réponse.")
    expect(nadia.trouble).to_contain_text("Rien n'est perdu")
    nadia.page.unroute_all()
    nadia.page.reload()
    expect(nadia.reply).to_have_value("Une longue réponse.")
    nadia.press("Envoyer la réponse")
    expect(nadia.told).to_contain_text("Votre réponse est partie.")
    expect(nadia.reply).to_have_value("")
    expect(nadia.page.locator(".events")).to_contain_text("a répondu")
    assert nadia.page.locator(".events").inner_text().count("a répondu") == 1
    assert sum("Une longue réponse." in message["text"] for message in chat.transcript()) == 1


@pytest.mark.long
def test_text_is_there_again_after_the_session_had_ended(chat: Chat, seat: Seat) -> None:
    nadia = seat(NADIA)
    nadia.open(f"/cases/{handed_over(chat)}")
    nadia.note.fill("À vérifier demain.")
    nadia.page.context.clear_cookies()
    nadia.press("Garder la note")
    nadia.told.get_by_role("link", name="Me reconnecter").click()
    nadia.page.get_by_role("button", name="Se connecter").click()
    nadia.page.get_by_role("button", name=NADIA).click()
    expect(nadia.note).to_have_value("À vérifier demain.")
    nadia.press("Garder la note")
    expect(nadia.page.locator(".events")).to_contain_text("À vérifier demain.")
    nadia.press("Me déconnecter")
    expect(nadia.page.get_by_role("heading", name="Se connecter au service d'aide")).to_be_visible()
    assert nadia.page.evaluate("sessionStorage.length") == 0


@pytest.mark.long
def test_everything_can_be_done_by_keyboard(chat: Chat, seat: Seat) -> None:
    marc = seat(MARC)
    number = handed_over(chat)
    expect(marc.rows.filter(has_text=number)).to_be_visible()
    keyboard = marc.page.keyboard
    marc.wait()
    marc.page.keyboard.press("Tab")
    expect(marc.page.get_by_role("link", name="Aller au contenu")).to_be_focused()
    for _ in range(marc.rows.count()):
        keyboard.press("j")
    expect(marc.rows.last).to_be_focused()
    keyboard.press("k")
    keyboard.press("ArrowDown")
    keyboard.press("/")
    keyboard.type(number)
    expect(marc.rows).to_have_count(1)
    keyboard.press("Tab")
    marc.page.locator("h1").click()
    keyboard.press("j")
    keyboard.press("Enter")
    expect(marc.page.get_by_role("heading", name=number)).to_be_visible()
    marc.wait()
    keyboard.press("p")
    expect(marc.told).to_contain_text("Vous avez pris le cas.")
    keyboard.press("n")
    keyboard.type("Une note de j et k ?")
    keyboard.press("Control+Enter")
    expect(marc.page.locator(".events")).to_contain_text("Une note de j et k ?")
    keyboard.press("Escape")
    marc.page.locator("h1").click()
    keyboard.press("r")
    expect(marc.reply).to_be_focused()
    marc.page.locator("h1").click()
    keyboard.press("?")
    dialog = marc.page.get_by_role("dialog", name="Raccourcis du clavier")
    expect(dialog).to_be_visible()
    assert violations_in_light_and_dark(marc.page) == []
    dialog.get_by_role("checkbox").uncheck()
    keyboard.press("Escape")
    keyboard.press("u")
    expect(marc.page.get_by_role("heading", name=number)).to_be_visible()
    marc.press("Raccourcis ?")
    dialog.get_by_role("checkbox").check()
    keyboard.press("Escape")
    keyboard.press("u")
    expect(marc.page.get_by_role("heading", name="File du service d'aide")).to_be_visible()


@pytest.mark.long
def test_transfer_note_stays_when_the_page_changes_by_itself(chat: Chat, seat: Seat) -> None:
    nadia = seat(NADIA)
    nadia.open(f"/cases/{handed_over(chat)}")
    nadia.unfold("Transférer")
    field = nadia.page.get_by_label("Note pour qui reçoit le cas")
    field.press_sequentially("Merci de")
    chat.submit("encore une chose")
    expect(nadia.said).to_contain_text("encore une chose")
    expect(field).to_have_value("Merci de")
    expect(field).to_be_focused()
    nadia.unfold("Clore")
    chat.submit("et une autre")
    expect(nadia.said).to_contain_text("et une autre")
    expect(nadia.page.get_by_role("button", name="Clore le cas")).to_be_visible()
    expect(nadia.page.locator("#resolve-summary")).to_be_focused()
    nadia.page.get_by_label("À qui").select_option(label="Caisse")
    nadia.press("Transférer")
    expect(nadia.page.get_by_role("heading", name="File du service d'aide")).to_be_visible()


@pytest.mark.long
def test_transfer_note_becomes_a_note_when_a_colleague_takes_the_case(chat: Chat, seat: Seat) -> None:
    number = handed_over(chat)
    nadia, marc = seat(NADIA), seat(MARC)
    for desk in (nadia, marc):
        desk.open(f"/cases/{number}")
    marc.unfold("Transférer")
    marc.page.get_by_label("Note pour qui reçoit le cas").fill("À rappeler avant midi.")
    nadia.press("Prendre le cas")
    expect(marc.page.locator("#deeds")).to_contain_text("Nadia Keller a ce cas.")
    expect(marc.note).to_have_value("À rappeler avant midi.")
    marc.press("Garder la note")
    expect(nadia.page.locator(".events")).to_contain_text("À rappeler avant midi.")
    expect(marc.note).to_have_value("")


@pytest.mark.long
def test_filters_outlive_a_look_at_a_case_and_a_reload(chat: Chat, seat: Seat) -> None:
    number = handed_over(chat)
    nadia = seat(NADIA)
    language = nadia.page.get_by_label("Langue")
    language.select_option(label="allemand")
    expect(nadia.rows).to_have_count(0)
    language.select_option(label="français")
    nadia.page.get_by_label("Numéro ou mots").fill(number)
    expect(nadia.rows).to_have_count(1)
    expect(nadia.page).to_have_url(re.compile(f"language=fr&q={number}$"))
    nadia.choose(number)
    nadia.page.get_by_role("link", name="Retour à la file").click()
    expect(language).to_have_value("fr")
    expect(nadia.rows).to_have_count(1)
    nadia.page.reload()
    expect(nadia.page.get_by_label("Numéro ou mots")).to_have_value(number)
    expect(nadia.rows).to_have_count(1)


@pytest.mark.long
def test_two_agents_serve_somebody_on_the_web_and_somebody_on_telegram(
    browser: Browser, model: Path, tmp_path: Path
) -> None:
    api = BotApi()
    settings = {"telegram_token": TOKEN, "telegram_webhook_url": "https://cornavin.example.ch" + WEBHOOK_PATH}
    with (
        server.serving(api.app) as telegram,
        server.running(model, tmp_path, telegram_api_url=telegram, **settings) as address,
        visiting(browser, Chat, address) as chat,
        at_desk(browser, address, NADIA) as nadia,
        at_desk(browser, address, MARC) as marc,
    ):
        chat.open()
        of_chat = handed_over(chat)
        phone = Correspondent(api, address)
        phone.types(ASKS)
        phone.reads("J'ai transmis votre demande")
        expect(nadia.page.locator(".queue li").filter(has_text="sur Telegram")).to_be_visible()
        nadia.rows.filter(has_not_text=of_chat).click()
        nadia.wait()
        nadia.press("Parler en direct")
        phone.reads(NADIA)
        phone.types("c'est pour mon IPA de mars")
        expect(nadia.said).to_contain_text("c'est pour mon IPA de mars")
        nadia.reply.fill("Bonjour, je regarde.")
        nadia.press("Envoyer la réponse")
        phone.reads("Bonjour, je regarde.")

        marc.choose(of_chat)
        marc.reply.fill("Bonjour, c'est fait.")
        marc.press("Envoyer la réponse")
        expect(chat.messages.last).to_contain_text("Bonjour, c'est fait.")

        nadia.unfold("Transférer")
        nadia.page.get_by_label("À qui").select_option(label=MARC)
        nadia.page.get_by_label("Note pour qui reçoit le cas").fill("Il demande l'IPA de mars.")
        nadia.press("Transférer")
        expect(nadia.page.locator("#head")).to_contain_text(f"Pris · {MARC}")
        number = nadia.page.locator("#head .number").inner_text()
        marc.open("?mine=1")
        marc.choose(number)
        expect(marc.page.locator(".events")).to_contain_text("Il demande l'IPA de mars.")
        marc.unfold("Clore")
        marc.press("Clore le cas")
        phone.reads("Le service d'aide vous a-t-il aidé ?")
        phone.taps("Oui")
        expect(marc.page.locator(".events")).to_contain_text("Cela l'a aidée.")
    assert [*chat.complaints, *nadia.complaints, *marc.complaints] == []
    assert api.refused == []


@pytest.mark.long
@pytest.mark.parametrize("viewport", [{"width": 1280, "height": 800}, TABLET], ids=["desktop", "tablet"])
def test_axe_finds_no_violation_and_nothing_scrolls_sideways(chat: Chat, seat: Seat, viewport: Any) -> None:
    number = handed_over(chat)
    alain = seat(ALAIN, viewport=viewport)
    for path in ("", "?state=resolved&q=rien", f"/cases/{number}", "/answers", "/figures", "/agents"):
        alain.open(path)
        assert violations_in_light_and_dark(alain.page) == [], path
        assert alain.page.evaluate(SIDEWAYS) == [], path
    alain.open(f"/cases/{number}")
    for folded in alain.page.locator("summary").all():
        folded.click()
    alain.press("Ce que dirait l'assistant")
    expect(alain.page.locator("#suggestion")).not_to_be_empty()
    assert violations_in_light_and_dark(alain.page) == []
    assert alain.page.evaluate(SIDEWAYS) == []
    marc = seat(MARC, viewport=viewport)
    marc.open(f"/cases/{number}")
    marc.unfold("Transférer")
    marc.reply.fill("Je m'en occupe.")
    alain.press("Prendre le cas")
    expect(marc.page.locator("#head")).to_contain_text(ALAIN)
    marc.press("Envoyer la réponse")
    expect(marc.told.get_by_role("alert")).to_contain_text(ALAIN)
    marc.page.context.set_offline(True)
    marc.press("Envoyer la réponse")
    expect(marc.trouble).to_contain_text("Pas de connexion")
    assert violations_in_light_and_dark(marc.page) == []
    marc.page.context.set_offline(False)
    marc.page.goto(f"{marc.address}/helpdesk/figures")
    expect(marc.page.get_by_role("heading", name="Ce n'est pas possible")).to_be_visible()
    assert violations_in_light_and_dark(marc.page) == []
    alain.page.goto(f"{alain.address}/helpdesk/cases/C-99999")
    assert violations_in_light_and_dark(alain.page) == []
    alain.open("")
    alain.press("Me déconnecter")
    expect(alain.page.get_by_role("button", name="Se connecter")).to_be_visible()
    assert violations_in_light_and_dark(alain.page) == []
    alain.page.get_by_role("button", name="Se connecter").click()
    alain.page.get_by_role("button", name="Zoé Perrin").click()
    expect(alain.page.get_by_role("heading", name="La connexion n'a pas abouti")).to_be_visible()
    assert violations_in_light_and_dark(alain.page) == []
