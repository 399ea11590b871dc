"""The conversation without JavaScript."""

from __future__ import annotations

import asyncio
import html
import re
from datetime import timedelta

import httpx
import pytest

from base import clock
from base.settings import Settings
from bot.channels.source_groups import grouped
from bot.channels.web.app import create_app
from bot.channels.web.guards import LARGEST_BODY
from bot.channels.web.rendering import plain
from bot.channels.web.simple import PATH, STRINGS
from bot.engine.assistant import LONGEST_TEXT
from bot.engine.dialogue import Dialogue
from bot.program import Program, assembled
from casework import persons
from casework.files.limits import MEBIBYTE
from casework.files.refusals import Reason
from casework.files.wording import WORDING as REFUSALS
from conversations import store
from tests.casework.files import samples

DOCUMENTS = "Puis-je encore envoyer des documents ?"


class Form:
    """The page as a browser without JavaScript has it."""

    def __init__(self, client: httpx.AsyncClient, response: httpx.Response) -> None:
        self._client = client
        self.response = response
        self.status = response.status_code
        self.text = plain(html.unescape(response.text))
        self.ticket = found.group(1) if (found := re.search(r'name="ticket" value="([^"]+)"', response.text)) else ""

    @property
    def said(self) -> list[str]:
        """Who said something, message by message."""
        return re.findall(r'<li class="(user|bot)"', self.response.text)

    @property
    def field(self) -> str:
        """What is in the field."""
        found = re.search(r"<textarea[^>]*>\n?(.*?)</textarea>", self.response.text, re.DOTALL)
        assert found
        return html.unescape(found.group(1))

    @property
    def choices(self) -> list[str]:
        return re.findall(r'name="choice" value="([^"]+)"', self.response.text)

    async def send_file(self, data: bytes, name: str = "Certificat.pdf", **fields: str) -> Form:
        """Posts the form with a file chosen in it."""
        sent = {"upload": (name, data, "application/octet-stream")}
        response = await self._client.post(PATH, data={"ticket": self.ticket, **fields}, files=sent)
        return Form(self._client, response)

    @property
    def files(self) -> list[str]:
        """The buttons that save a file."""
        return re.findall(r'name="file" value="([^"]+)"', self.response.text)

    async def save(self, file_id: str) -> httpx.Response:
        sent = {"upload": ("", b"", "application/octet-stream")}
        data = {"ticket": self.ticket, "file": file_id}
        return await self._client.post(f"{PATH}/file", data=data, files=sent)

    async def post(self, headers: dict[str, str] | None = None, **fields: str) -> Form:
        data = {"ticket": self.ticket, **fields}
        return Form(self._client, await self._client.post(PATH, data=data, headers=headers))


async def opened(client: httpx.AsyncClient) -> Form:
    return Form(client, await client.get(PATH))


@pytest.fixture
async def form(client: httpx.AsyncClient) -> Form:
    return await opened(client)


async def test_question_is_answered_with_its_sources(form: Form) -> None:
    answered = await form.post(text="où est mon numéro personnel ?")
    assert answered.status == 200
    assert answered.said == ["user", "bot"]
    assert "confirmation d'inscription à l'ORP" in answered.text
    assert "<summary>Sources (" in answered.text
    assert answered.field == ""
    assert 'id="latest"' in answered.text


async def test_conversation_goes_on_by_choices_and_keeps_what_was_typed(form: Form) -> None:
    asked = await form.post(ask=DOCUMENTS, text="à moitié")
    assert asked.field == "à moitié"
    answered = await asked.post(choice=asked.choices[1], text="à moitié")
    assert answered.said == ["user", "bot"] * 2
    assert "<strong>Oui.</strong>" in answered.text
    assert answered.field == "à moitié"


async def test_same_page_posted_again_doubles_nothing(form: Form) -> None:
    first = await form.post(text="bonjour")
    assert (await form.post(text="bonjour")).said == first.said == ["user", "bot"]
    second = await first.post(text="merci")
    assert (await first.post(text="merci")).said == second.said == ["user", "bot"] * 2


async def test_first_click_sent_twice_begins_one_conversation(form: Form, program: Program) -> None:
    both = await asyncio.gather(form.post(text="bonjour"), form.post(text="bonjour"))
    assert [page.said for page in both] == [["user", "bot"]] * 2
    async with program.database.reading() as connection:
        for table in ("chat_sessions", "turns"):
            assert (await connection.exec_driver_sql(f"SELECT count(*) FROM {table}")).scalar_one() == 1  # noqa: S608


async def test_page_that_was_gone_back_to_takes_another_text(form: Form) -> None:
    await form.post(text="bonjour")
    assert (await form.post(text="merci")).said == ["user", "bot"] * 2


async def test_same_words_on_the_next_page_are_said_again(form: Form) -> None:
    first = await form.post(text="bonjour")
    assert (await first.post(text="bonjour")).said == ["user", "bot"] * 2


async def test_question_of_the_address_is_in_the_field_and_never_too_long(client: httpx.AsyncClient) -> None:
    for question in ("Où ?", "</textarea><script>", "\nx", "é" * 5000):
        asked = Form(client, await client.get(PATH, params={"question": question}))
        assert asked.status == 200
        assert asked.field == question[:LONGEST_TEXT]
        assert "<script" not in asked.response.text


async def test_no_cookie_is_set_and_nothing_is_stored_on_the_way(form: Form) -> None:
    answered = await form.post(text="bonjour")
    for response in (form.response, answered.response):
        assert "set-cookie" not in response.headers
        assert response.headers["cache-control"] == "no-store"
        assert "script-src 'none'" in response.headers["content-security-policy"]


async def test_looking_at_the_page_begins_no_conversation(form: Form, program: Program) -> None:
    async with program.database.reading() as connection:
        count = await connection.exec_driver_sql("SELECT count(*) FROM chat_sessions")
        assert count.scalar_one() == 0


@pytest.mark.parametrize("change", [lambda ticket: ticket[:-1] + "!", lambda _: "", lambda _: "é", lambda t: t + "x"])
async def test_changed_ticket_is_told_and_the_text_is_kept(form: Form, change: object) -> None:
    answered = await form.post(text="bonjour")
    answered.ticket = change(answered.ticket)  # type: ignore[operator]
    refused = await answered.post(text="ma question")
    assert refused.status == 400
    assert STRINGS["not_ours"] in refused.text
    assert refused.said == []
    assert refused.field == "ma question"
    assert (await refused.post(text=refused.field)).said == ["user", "bot"]


async def test_ticket_of_another_key_is_none_of_ours(form: Form, settings: Settings, dialogue: Dialogue) -> None:
    answered = await form.post(text="bonjour")
    other = settings.model_copy(update={"secret_key": settings.__class__(secret_key="other" * 4).secret_key})
    async with assembled(other, dialogue) as program:
        transport = httpx.ASGITransport(app=create_app(program))
        async with httpx.AsyncClient(transport=transport, base_url="http://cornavin.test") as client:
            assert (await client.post(PATH, data={"ticket": answered.ticket, "text": "x"})).status_code == 400


async def test_ticket_expires_after_a_day_and_the_text_is_kept_but_erasing_stays_possible(form: Form) -> None:
    answered = await form.post(text="bonjour")
    later = clock.now() + timedelta(hours=25)
    clock.freeze(later)
    refused = await answered.post(text="ma question")
    assert refused.status == 400
    assert STRINGS["expired"] in refused.text
    assert refused.field == "ma question"
    assert STRINGS["erased"] in (await answered.post(erase="yes")).text


async def test_what_was_said_meanwhile_is_seen_without_saying_anything(form: Form, program: Program) -> None:
    answered = await form.post(text="bonjour")
    async with program.database.unit_of_work() as work:
        session_id = (await work.connection.exec_driver_sql("SELECT id FROM chat_sessions")).scalar_one()
        expires_at = program.desk.login_expires_at("web")
        await persons.link(work, session_id, "p", subject_hash="s", hashed_by="k", expires_at=expires_at)
    await program.on_linked(session_id)
    looked = await answered.post(look="again", text="à moitié")
    assert looked.said == ["user", "bot", "bot"]
    assert "Vous êtes connecté·e." in looked.text
    assert looked.field == "à moitié"
    assert (await looked.post(look="again")).said == looked.said


async def test_erasing_asks_first_and_leaves_nothing(form: Form, program: Program) -> None:
    answered = await form.post(text="bonjour")
    asked = await answered.post(erase="ask", text="à moitié")
    assert "Effacer cette conversation pour toujours ?" in asked.text
    assert asked.said == ["user", "bot"]
    assert (await asked.post(erase="no", text="à moitié")).field == "à moitié"
    erased = await asked.post(erase="yes")
    assert STRINGS["erased"] in erased.text
    assert erased.said == []
    gone = await answered.post(text="encore")
    assert STRINGS["gone"] in gone.text
    assert gone.field == "encore"
    async with program.database.reading() as connection:
        assert (await connection.exec_driver_sql("SELECT count(*) FROM messages")).scalar_one() == 0


@pytest.mark.parametrize("text", ["", "  \r\n "])
async def test_empty_field_is_told(form: Form, text: str) -> None:
    refused = await form.post(text=text)
    assert refused.status == 422
    assert STRINGS["empty"] in refused.text
    assert "<title>Erreur :" in refused.text
    assert 'aria-invalid="true"' in refused.text


async def test_text_that_is_too_long_is_counted_and_kept(form: Form) -> None:
    answered = await form.post(text="bonjour")
    text = "é" * (LONGEST_TEXT + 7)
    refused = await answered.post(text=text)
    assert "7 caractères de trop" in refused.text
    assert refused.field == text
    assert refused.said == ["user", "bot"]


async def test_lines_are_counted_as_they_were_typed(form: Form) -> None:
    assert (await form.post(text="\r\n".join(["é"] * (LONGEST_TEXT // 2)))).status == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://evil.example"},
    ],
)
async def test_form_of_another_site_cannot_put_anyone_into_its_conversation(
    form: Form, headers: dict[str, str]
) -> None:
    of_attacker = await form.post(text="bonjour")
    refused = await of_attacker.post(headers, text="piège")
    assert refused.status == 403
    assert STRINGS["from_elsewhere"] in refused.text
    assert refused.said == []
    assert refused.field == ""
    assert refused.ticket != of_attacker.ticket


@pytest.mark.parametrize(
    "headers", [{"sec-fetch-site": "same-origin"}, {"origin": "http://cornavin.test"}, {"origin": "null"}]
)
async def test_form_of_this_site_is_taken(form: Form, headers: dict[str, str]) -> None:
    assert (await form.post(headers, text="bonjour")).said == ["user", "bot"]


async def test_choice_of_another_conversation_does_nothing(client: httpx.AsyncClient, form: Form) -> None:
    theirs = await form.post(ask=DOCUMENTS)
    mine = await (await opened(client)).post(choice=theirs.choices[0])
    assert "plus valable" in mine.text


async def test_hostile_text_is_shown_as_text(form: Form) -> None:
    hostile = '</textarea><script>alert(1)</script><img src=x onerror="alert(1)">"\'&'
    answered = await form.post(text=hostile)
    assert "<script" not in answered.response.text
    assert "<img" not in answered.response.text
    assert hostile in answered.text
    assert (await answered.post(ask="bonjour", text=hostile)).field == hostile


@pytest.mark.parametrize("body", [b"\xff\xfe", b"ticket=%ff", b"&".join([b"a=b"] * 100), b"{}"])
async def test_body_that_is_no_form_is_told_in_words(client: httpx.AsyncClient, body: bytes) -> None:
    response = await client.post(PATH, content=body, headers={"content-type": "application/x-www-form-urlencoded"})
    assert response.status_code == 400
    assert STRINGS["not_ours"] in plain(html.unescape(response.text))


async def test_body_that_is_too_large_is_told_in_words(form: Form) -> None:
    refused = await form.post(text="x" * 70_000)
    assert refused.status == 413
    assert STRINGS["too-large"] in refused.text


async def test_failing_database_loses_nothing(form: Form, program: Program) -> None:
    answered = await form.post(text="bonjour")
    async with program.database.unit_of_work() as work:
        await work.connection.exec_driver_sql("ALTER TABLE messages RENAME TO gone")
    refused = await answered.post(text="ma question")
    assert refused.status == 503
    assert STRINGS["unavailable"] in refused.text
    assert refused.field == "ma question"
    async with program.database.unit_of_work() as work:
        await work.connection.exec_driver_sql("ALTER TABLE gone RENAME TO messages")
    assert (await refused.post(text=refused.field)).said == ["user", "bot"] * 2


async def test_too_many_messages_are_told_and_the_text_is_kept(settings: Settings, dialogue: Dialogue) -> None:
    async with assembled(settings.model_copy(update={"session_rate": "1/hour"}), dialogue) as program:
        transport = httpx.ASGITransport(app=create_app(program))
        async with httpx.AsyncClient(transport=transport, base_url="http://cornavin.test") as client:
            answered = await (await opened(client)).post(text="bonjour")
            refused = await answered.post(text="merci")
            assert refused.status == 429
            assert STRINGS["too-many-requests"] in refused.text
            assert refused.field == "merci"
            assert refused.said == ["user", "bot"]


async def test_long_conversation_is_shown_to_its_end(client: httpx.AsyncClient, program: Program, form: Form) -> None:
    answered = await form.post(text="bonjour")
    limit = store.history.__defaults__
    assert limit is not None
    async with program.database.unit_of_work() as work:
        await work.connection.exec_driver_sql(
            "INSERT INTO messages (session_id, turn_id, at, author, text, lang, sources, choices) "
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 600) "
            "SELECT session_id, turn_id, at, author, 'ligne ' || i, lang, sources, choices FROM messages, n "
            "WHERE author = 'bot'"
        )
    assert "ligne 600" in (await answered.post(text="merci")).text


async def test_files_are_saved_with_the_ticket(form: Form) -> None:
    answered = await form.post(text="décision de la caisse reçue le 5 mars par courrier normal, délai d'opposition ?")
    found = re.findall(
        r'name="file" value="([^"]+)" formaction="([^"]+)"[^>]*>Télécharger ([^<]+)<', answered.response.text
    )
    assert [name.rpartition(".")[2] for _, _, name in found] == ["ics", "docx", "pdf"]
    for (file, path, name), begins in zip(found, (b"BEGIN:VCALENDAR", b"PK", b"%PDF"), strict=True):
        saved = await answered._client.post(path, data={"ticket": answered.ticket, "file": file})
        assert saved.content.startswith(begins), name
        assert saved.headers["content-disposition"].startswith("attachment")


async def test_page_in_place_of_a_file_runs_no_script_either(form: Form) -> None:
    answered = await (await form.post(text="bonjour")).save("no-such-file")
    assert answered.headers["content-type"].startswith("text/html")
    assert "script-src 'none'" in answered.headers["content-security-policy"]


async def test_file_of_another_conversation_is_not_given(client: httpx.AsyncClient, form: Form) -> None:
    mine = await form.post(text="décision de la caisse reçue le 5 mars par courrier normal, délai d'opposition ?")
    file = re.findall(r'name="file" value="([^"]+)"', mine.response.text)[0]
    other = await (await opened(client)).post(text="bonjour")
    refused = Form(client, await client.post(f"{PATH}/file", data={"ticket": other.ticket, "file": file}))
    assert refused.status == 404
    assert STRINGS["not-found"] in refused.text
    assert refused.said == ["user", "bot"]


async def test_sources_are_grouped_by_text_as_in_the_chat(form: Form, program: Program) -> None:
    answered = await form.post(text="décision de la caisse reçue le 5 mars par courrier normal, délai d'opposition ?")
    async with program.database.reading() as connection:
        (session_id,) = (await connection.exec_driver_sql("SELECT id FROM chat_sessions")).scalars()
        shown = next(message for message in await store.history(connection, session_id) if message.sources)
    groups = grouped(shown.sources)
    assert len(groups) < len(shown.sources)
    assert f"<summary>Sources ({len(groups)})</summary>" in answered.text
    (of_one_text,) = (group for group in groups if len(group.articles) > 1)
    articles = [str(source.article).replace(". ", ".\u00a0") for source in of_one_text.articles]
    lines = re.findall(r"<li>(.*?)</li>", html.unescape(answered.response.text), re.DOTALL)
    assert any(all(article in line for article in articles) for line in lines)


async def test_service_notice_stands_above_the_conversation(settings: Settings, dialogue: Dialogue) -> None:
    noticed = settings.model_copy(update={"service_notice": "Job-Room est en panne ce matin."})
    async with assembled(noticed, dialogue) as program:
        transport = httpx.ASGITransport(app=create_app(program))
        async with httpx.AsyncClient(transport=transport, base_url="http://cornavin.test") as client:
            assert "Job-Room est en panne ce matin." in (await opened(client)).text


async def test_text_beside_a_file_is_kept_as_far_as_other_forms_take_it(form: Form) -> None:
    answered = await form.send_file(b"", "", text="mot " * 100_000)
    assert answered.status == 422
    assert LARGEST_BODY - 10 < len(answered.field) <= LARGEST_BODY


async def test_file_is_sent_without_a_text_and_can_be_saved_again(form: Form) -> None:
    assert 'enctype="multipart/form-data"' in form.response.text
    answered = await form.send_file(samples.pdf(), "Certificat de Léa.pdf", text="")
    assert answered.status == 200
    assert answered.said == ["user", "bot"]
    assert "J'ai reçu votre fichier." in answered.text
    assert "Télécharger Certificat de Léa.pdf" in answered.text
    assert len(answered.choices) == 4
    saved = await answered.save(answered.files[0])
    assert saved.status_code == 200
    assert samples.seen(saved.content).size[0] > 0


async def test_file_and_text_are_both_taken_the_file_first(form: Form) -> None:
    answered = await form.send_file(samples.jpeg(samples.picture()), text="bonjour")
    assert answered.said == ["user", "bot"] * 2
    assert answered.text.index("J'ai reçu votre fichier.") < answered.text.index(">bonjour<")
    assert answered.field == ""


async def test_multipart_form_without_a_file_is_like_any_other(form: Form) -> None:
    asked = await form.send_file(b"", "", text="", ask=DOCUMENTS)
    assert asked.said == ["user", "bot"]
    answered = await asked.send_file(b"", "", text="à moitié\r\nécrit", choice=asked.choices[1])
    assert "<strong>Oui.</strong>" in answered.text
    assert answered.field == "à moitié\nécrit"
    nothing = await answered.send_file(b"", "", text=" ")
    assert nothing.status == 422
    assert STRINGS["empty"] in nothing.text


async def test_same_page_with_its_file_posted_again_doubles_nothing(form: Form, program: Program) -> None:
    data = samples.pdf()
    for _ in range(2):
        answered = await form.send_file(data)
        assert answered.said == ["user", "bot"]
    async with program.database.reading() as connection:
        assert (await connection.exec_driver_sql("SELECT count(*) FROM files")).scalar_one() == 1


@pytest.mark.parametrize(
    ("data", "reason", "status"),
    [
        (b"MZ", Reason.UNSUPPORTED, 422),
        (b"x" * (10 * MEBIBYTE + 1), Reason.TOO_BIG, 413),
        (b"x" * (32 * MEBIBYTE), Reason.TOO_BIG, 413),
    ],
    ids=["unsupported", "too big", "cut off"],
)
async def test_refused_file_keeps_conversation_and_text(form: Form, data: bytes, reason: Reason, status: int) -> None:
    asked = await form.post(text="bonjour")
    refused = await asked.send_file(data, text="Voici mon certificat")
    assert refused.status == status
    assert REFUSALS[reason] in refused.text
    assert refused.said == ["user", "bot"]
    assert refused.field == "Voici mon certificat"
    assert (await refused.post(text="merci")).said == ["user", "bot"] * 2


async def test_file_of_another_conversation_is_not_saved(client: httpx.AsyncClient, form: Form) -> None:
    owner = await form.send_file(samples.pdf())
    stranger = await (await opened(client)).post(text="bonjour")
    refused = await stranger.save(owner.files[0])
    assert refused.status_code == 404
    assert STRINGS["not-found"] in html.unescape(refused.text)
