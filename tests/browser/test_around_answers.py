"""What belongs to a conversation beside its text: sources, files, opinions, pickers, notices, a copy to keep."""

import gzip
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Route, expect

from tests.browser.chat import STREAMING, ApiMessage, Chat
from tests.browser.conftest import OpenChat
from tests.browser.texts import DOCUMENTS, ERASED, ON_TWO_PAPERS, PERSONAL_NUMBER, UNDER_REVIEW

pytestmark = pytest.mark.long

FEEDBACK = "**/api/chat/feedback"
SERVICE = "**/api/chat/service"

DEADLINE = "j'ai reçu une décision, j'ai combien de temps ?"

NOTE_THANKS = """status => {
  window.said = [];
  const note = () => window.said.at(-1) !== status.textContent.trim() && window.said.push(status.textContent.trim());
  new MutationObserver(note).observe(status, { childList: true, subtree: true, characterData: true });
}"""

MOST_BYTES = 40 * 1024
"""What the chat may weigh, compressed."""


def source(title: str, article: str | None = None, url: str | None = None, as_of: str = "2024-01") -> dict[str, Any]:
    return {"id": title, "title": title, "url": url, "article": article, "as_of": as_of, "standing": "current"}


def with_service(chat: Chat, **fields: Any) -> None:
    """Opens the page with a service that is told otherwise."""
    told = {"notice": None, "locales": ["fr"], "uploads": False} | fields
    chat.page.route(SERVICE, lambda route: route.fulfill(json=told))
    chat.open()


def test_sources_are_grouped_by_text_and_counted(chat: Chat) -> None:
    law, ordinance = "Loi (LACI)", "Ordonnance (OACI)"
    chat.replace_answers(
        sources=[
            source(ordinance, "art. 45 al. 3 OACI"),
            source(law, "art. 30 LACI"),
            source(ordinance, "art. 45 al. 4 OACI"),
            source("Page", url="https://www.ge.ch/"),
            source(law, "art. 31 LACI", as_of="2020-01"),
        ]
    )
    answer = chat.ask(PERSONAL_NUMBER)
    expect(chat.sources).to_have_text("Sources (4)")
    chat.sources.click()
    lines = [" ".join(line.split()) for line in answer.locator("details li").all_inner_texts()]
    assert lines == [
        f"{ordinance}, art. 45 al. 3 OACI, art. 45 al. 4 OACI état : 01.2024",
        f"{law}, art. 30 LACI état : 01.2024",
        "Page (nouvelle fenêtre) état : 01.2024",
        f"{law}, art. 31 LACI état : 01.2020",
    ]


def test_articles_with_addresses_of_their_own_are_each_a_link(chat: Chat) -> None:
    urls = ["https://www.fedlex.admin.ch/1", "https://www.fedlex.admin.ch/2"]
    chat.replace_answers(sources=[source("Loi", f"art. {n}", url) for n, url in enumerate(urls)])
    answer = chat.ask(PERSONAL_NUMBER)
    chat.sources.click()
    assert [link.get_attribute("href") for link in answer.locator("details a").all()] == urls


def test_file_of_an_answer_is_fetched_with_the_token_and_saved_under_its_name(chat: Chat, tmp_path: Path) -> None:
    asked: list[str] = []

    def give(route: Route) -> None:
        asked.append(route.request.headers["authorization"])
        route.fulfill(body=b"BEGIN:VCALENDAR", content_type="text/calendar")

    chat.page.route("**/api/chat/files/7", give)
    file = {"id": "7", "name": "../d\u202eélai.ics", "mime": "text/calendar", "url": "/api/chat/files/7"}
    chat.replace_answers(attachments=[file])
    answer = chat.ask(PERSONAL_NUMBER)
    button = answer.get_by_role("list", name="Fichiers").get_by_role("button")
    expect(button).to_have_accessible_name(re.compile(r"^Télécharger .*lai\.ics Calendrier$"))
    with chat.page.expect_download() as download:
        button.click()
    assert download.value.suggested_filename.endswith("délai.ics")
    assert "\u202e" not in download.value.suggested_filename
    saved = tmp_path / "saved"
    download.value.save_as(saved)
    assert saved.read_bytes() == b"BEGIN:VCALENDAR"
    assert asked == [chat.authorization()["authorization"]]


@pytest.mark.parametrize(
    "url", ["https://evil.example/api/chat/files/7", "/api/chat/files/../messages", "//evil.example"]
)
def test_token_is_never_sent_anywhere_but_to_our_files(chat: Chat, url: str) -> None:
    chat.replace_answers(attachments=[{"id": "7", "name": "x", "mime": "text/plain", "url": url}])
    answer = chat.ask(PERSONAL_NUMBER)
    answer.get_by_role("list", name="Fichiers").get_by_role("button").click()
    expect(chat.alert).to_have_text("Ce fichier n'existe plus.")


def test_file_that_cannot_be_had_is_said(chat: Chat) -> None:
    chat.forgive_failed_requests()
    chat.page.route("**/api/chat/files/7", lambda route: route.fulfill(status=404, json={"detail": "Plus là."}))
    chat.replace_answers(attachments=[{"id": "7", "name": "x", "mime": "text/plain", "url": "/api/chat/files/7"}])
    chat.ask(PERSONAL_NUMBER).get_by_role("list", name="Fichiers").get_by_role("button").click()
    expect(chat.alert).to_have_text("Plus là.")


def test_opinion_and_comment_are_sent_and_thanked_for_once(chat: Chat) -> None:
    answer = chat.ask(PERSONAL_NUMBER)
    helpful = answer.get_by_role("button", name="Réponse utile")
    unhelpful = answer.get_by_role("button", name="Réponse pas utile")
    expect(helpful).to_have_attribute("aria-pressed", "false")
    with chat.page.expect_response(FEEDBACK) as rated:
        unhelpful.click()
    assert rated.value.status == 204
    expect(unhelpful).to_have_attribute("aria-pressed", "true")
    expect(chat.status).to_have_text("Merci de votre avis.")

    answer.get_by_label("Un commentaire ?").fill("Pas clair.")
    with chat.page.expect_response(FEEDBACK) as commented:
        answer.get_by_role("button", name="Envoyer le commentaire").click()
    assert commented.value.status == 204
    message = chat.transcript()[-1]["id"]
    assert commented.value.request.post_data_json == {
        "message_id": message,
        "value": "down",
        "comment": "Pas clair.",
    }
    expect(chat.status).to_have_text("Merci de votre commentaire.")
    expect(answer.get_by_label("Un commentaire ?")).to_have_count(0)
    expect(unhelpful).to_be_focused()

    chat.page.reload()
    expect(unhelpful).to_have_attribute("aria-pressed", "true")
    helpful.click()
    expect(helpful).to_have_attribute("aria-pressed", "true")
    expect(unhelpful).to_have_attribute("aria-pressed", "false")


def test_opinion_that_cannot_be_sent_is_not_shown_as_given(chat: Chat) -> None:
    answer = chat.ask(PERSONAL_NUMBER)
    with chat.offline():
        answer.get_by_role("button", name="Réponse utile").click()
        expect(answer.get_by_text("Pas de connexion pour le moment.")).to_be_visible()
        expect(answer.get_by_role("button", name="Réponse utile")).to_have_attribute("aria-pressed", "false")


def test_step_of_a_form_stands_with_its_question_only(chat: Chat) -> None:
    def remind(messages: list[ApiMessage]) -> None:
        if messages and messages[-1]["author"] == "bot":
            messages.append({**messages[-1], "id": messages[-1]["id"] + 1, "text": "N'oubliez pas.", "choices": []})

    chat.change_history(remind)
    question = chat.ask(DEADLINE)
    expect(chat.answers).to_have_text([re.compile("Étape 2 sur 6"), re.compile("N'oubliez pas")])
    expect(chat.answers.nth(1)).not_to_contain_text("Étape")
    chat.page.unroute_all(behavior="wait")
    chat.submit("x" * 5)
    expect(chat.answers.nth(2)).to_be_visible()
    expect(chat.log.get_by_text("Étape")).to_have_count(1)
    expect(question).not_to_contain_text("Étape")


def test_steps_stand_with_the_question_that_is_open(chat: Chat) -> None:
    chat.change_state(step=3, steps=5)
    expect(chat.ask(DOCUMENTS).get_by_text("Étape 3 sur 5")).to_be_visible()
    chat.choose(UNDER_REVIEW)
    expect(chat.log.get_by_text("Étape 3 sur 5")).to_have_count(0)


def test_second_thanks_are_announced_too(chat: Chat) -> None:
    answer = chat.ask(PERSONAL_NUMBER)
    chat.status.evaluate(NOTE_THANKS)
    for name in ("Réponse utile", "Réponse pas utile"):
        with chat.page.expect_response(FEEDBACK):
            answer.get_by_role("button", name=name).click()
        expect(answer.get_by_role("button", name=name)).to_have_attribute("aria-pressed", "true")
        expect(chat.status).to_have_text("Merci de votre avis.")
    assert chat.page.evaluate("window.said") == ["Merci de votre avis.", "", "Merci de votre avis."]


def test_day_that_is_asked_for_is_picked_and_said_as_it_is_written_here(chat: Chat) -> None:
    chat.change_state(expects="past_date")
    chat.ask(DOCUMENTS)
    field = chat.page.get_by_label("Choisir la date")
    today = chat.page.evaluate("new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Zurich' }).format()")
    expect(field).to_have_attribute("max", today)
    field.fill("2026-03-09")
    chat.page.get_by_role("button", name="Confirmer").click()
    expect(chat.answers.nth(1)).to_be_visible()
    assert chat.said() == [DOCUMENTS, "09.03.2026"]
    chat.ask("le 10 mars")
    assert chat.said()[-1] == "le 10 mars"


def test_day_to_come_can_be_picked_where_it_is_asked_for(chat: Chat) -> None:
    chat.change_state(expects="date")
    chat.ask(DOCUMENTS)
    expect(chat.page.get_by_label("Choisir la date")).to_have_attribute("max", "2100-12-31")


def test_month_that_is_asked_for_is_picked_and_said_in_words(chat: Chat) -> None:
    chat.change_state(expects="month", slot="month")
    chat.ask(DOCUMENTS)
    field = chat.page.get_by_label("Choisir le mois")
    this_month = chat.page.evaluate(
        "new Intl.DateTimeFormat('fr-CH', { month: 'long', year: 'numeric', timeZone: 'Europe/Zurich' }).format()"
    )
    expect(field).to_have_value(this_month)
    before = field.locator("option").nth(2).inner_text()
    field.select_option(before)
    chat.page.get_by_role("button", name="Confirmer").click()
    expect(chat.answers.nth(1)).to_be_visible()
    assert chat.said() == [DOCUMENTS, before]


def test_nothing_is_picked_where_something_else_is_asked_for(chat: Chat) -> None:
    chat.change_state(expects="choice")
    chat.ask(DOCUMENTS)
    expect(chat.page.locator(".picker")).to_have_count(0)


def test_person_can_be_asked_for_at_any_time(chat: Chat) -> None:
    chat.talk_button.click()
    expect(chat.answers).to_have_count(1)
    assert chat.said() == ["Je veux parler à une personne"]
    assert chat.kept()["state"]["phase"] == "handed_over"


def test_conversation_can_be_kept_as_a_text_file(chat: Chat, tmp_path: Path) -> None:
    chat.ask(PERSONAL_NUMBER)
    with chat.page.expect_download() as download:
        chat.keep_button.click()
    assert re.fullmatch(r"conversation-cornavin-\d{4}-\d\d-\d\d\.txt", download.value.suggested_filename)
    saved = tmp_path / "saved.txt"
    download.value.save_as(saved)
    text = saved.read_text(encoding="utf-8")
    assert re.search(r"\[11\.03\.(20)?26[, ]+10:15\] Vous\n" + re.escape(PERSONAL_NUMBER), text)
    assert "] Cornavin\n" in text
    assert ON_TWO_PAPERS in text
    assert "Sources :" in text
    assert "**" not in text


def test_notice_of_the_service_stands_until_it_is_dismissed_and_a_new_one_is_shown_again(chat: Chat) -> None:
    with_service(chat, notice="Job-Room est fermé <b>dimanche</b>.")
    banner = chat.page.get_by_role("region", name="Avis")
    expect(banner).to_contain_text("Job-Room est fermé <b>dimanche</b>.")
    banner.get_by_role("button", name="Masquer l'avis").click()
    expect(banner).to_have_count(0)
    expect(chat.field).to_be_focused()
    with chat.page.expect_response(SERVICE):
        chat.page.reload()
    chat.ask(PERSONAL_NUMBER)
    expect(banner).to_have_count(0)
    chat.page.unroute(SERVICE)
    with_service(chat, notice="Job-Room est ouvert.")
    expect(banner).to_contain_text("Job-Room est ouvert.")
    chat.erase()
    expect(chat.alert).to_have_text(ERASED)
    assert chat.page.evaluate("localStorage.length") == 0


def test_statement_of_accessibility_opens_beside_the_conversation(chat: Chat) -> None:
    with chat.page.expect_popup() as popup:
        chat.page.get_by_role("link", name="Accessibilité").click()
    expect(popup.value.get_by_role("heading", level=1)).to_have_text("Déclaration d'accessibilité")
    expect(chat.field).to_be_visible()


def test_languages_are_offered_as_soon_as_there_is_a_choice(chat: Chat) -> None:
    expect(chat.page.get_by_role("navigation", name="Langue")).to_have_count(0)
    with_service(chat, locales=["de", "fr"])
    links = chat.page.get_by_role("navigation", name="Langue").get_by_role("link")
    expect(links).to_have_text(["DE", "FR"])
    expect(links.first).to_have_accessible_name("Deutsch")
    expect(links.first).to_have_attribute("href", "?lang=de")
    expect(links.nth(1)).to_have_attribute("aria-current", "true")


def test_everything_that_the_page_loads_is_light(new_chat: OpenChat) -> None:
    chat = new_chat()
    bodies: dict[str, bytes] = {}
    chat.page.on("requestfinished", lambda request: bodies.update({request.url: request.response().body()}))
    with chat.page.expect_response(SERVICE):
        chat.page.goto(f"{chat.address}/embed")
    chat.page.wait_for_load_state("networkidle")
    sizes = {url.removeprefix(chat.address): len(gzip.compress(body)) for url, body in bodies.items()}
    assert sum(sizes.values()) < MOST_BYTES, sizes
    assert len(sizes) > 10
    assert not any(STREAMING.strip("*") in url for url in sizes)
