"""What comes from Telegram, once each, in whatever shape."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from base import clock
from base.settings import Settings
from bot.channels.telegram import wording
from bot.channels.telegram.commands import COMMANDS
from bot.engine.dialogue import Dialogue
from casework.files.limits import USUAL
from conversations import store
from conversations.telegram import ALBUM_SETTLES
from tests.casework.files import samples
from tests.support.bot_api import BotApi, Phone
from tests.support.telegram import Line, connected


async def test_same_update_is_taken_once(line: Line, phone: Phone) -> None:
    update = phone.types("bonjour")
    await line.carry()
    await asyncio.gather(*(line.telegram.take(update) for _ in range(3)))
    await line.work()
    assert [message.author for message in await line.transcript(phone)] == ["user", "bot"]
    assert len(phone.shown) == 1


async def test_chats_are_conversations_of_their_own(line: Line, api: BotApi, phone: Phone) -> None:
    other = Phone(api, 4712)
    phone.types("puis-je envoyer des documents pour ma demande d'indemnité ?")
    other.types("bonjour")
    await line.carry()
    assert (await line.session(phone)).id != (await line.session(other)).id
    assert "statut" in phone.last.text
    assert "Bonjour" in other.last.text


async def test_group_gets_one_polite_line_and_is_left(line: Line, api: BotApi) -> None:
    group = Phone(api, -100200)
    group.types("bonjour")
    await line.carry()
    assert [shown.text for shown in group.shown] == [wording.GROUP]
    assert api.left == [group.chat]


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ({"voice": {"file_id": "v", "file_unique_id": "v", "duration": 3}}, wording.VOICE),
        ({"video": {"file_id": "v", "file_unique_id": "v", "duration": 3, "width": 9, "height": 9}}, wording.VIDEO),
        (
            {
                "sticker": {
                    "file_id": "s",
                    "file_unique_id": "s",
                    "width": 9,
                    "height": 9,
                    "is_animated": False,
                    "is_video": False,
                    "type": "regular",
                }
            },
            wording.STICKER,
        ),
        ({"location": {"latitude": 46.2, "longitude": 6.1}}, wording.LOCATION),
        ({"contact": {"phone_number": "+41790000000", "first_name": "A"}}, wording.CONTACT),
        (
            {
                "poll": {
                    "id": "1",
                    "question": "?",
                    "options": [],
                    "total_voter_count": 0,
                    "is_closed": False,
                    "is_anonymous": True,
                    "type": "regular",
                    "allows_multiple_answers": False,
                    "allows_revoting": False,
                    "members_only": False,
                }
            },
            wording.POLL,
        ),
        ({"game": {"title": "g", "description": "g", "photo": []}}, wording.NOT_TAKEN),
    ],
    ids=["voice", "video", "sticker", "location", "contact", "poll", "game"],
)
async def test_what_is_neither_text_nor_file_gets_a_helpful_line(
    line: Line, phone: Phone, content: dict[str, Any], text: str
) -> None:
    update = phone.sends_something(**content)
    await line.carry()
    await line.telegram.take(update)
    await line.work()
    assert [shown.text for shown in phone.shown] == [text]


async def test_what_nobody_said_is_not_answered(line: Line, phone: Phone) -> None:
    phone.sends_something(message_auto_delete_timer_changed={"message_auto_delete_time": 60})
    await line.carry()
    assert phone.shown == []


@pytest.mark.parametrize("name", COMMANDS)
async def test_command_of_the_menu_is_understood(line: Line, phone: Phone, name: str) -> None:
    phone.types(f"/{name}")
    await line.carry()
    typed, answer, *_ = await line.transcript(phone)
    assert (typed.author, typed.text) == ("user", f"/{name}")
    assert "pas compris" not in answer.text


@pytest.mark.parametrize("typed", ["/restart", "/faq/are_amount", "/aide moi svp", "/tx_delete_data", "//aide"])
async def test_other_text_with_a_slash_is_plain_text(line: Line, phone: Phone, typed: str) -> None:
    phone.types(typed)
    await line.carry()
    async with line.program.database.reading() as connection:
        state = await store.last_state(connection, (await line.session(phone)).id)
    assert state.form is None
    assert (await line.transcript(phone))[0].text == typed


async def test_deep_link_begins_the_login(line: Line, phone: Phone) -> None:
    phone.types("/start connexion")
    await line.carry()
    assert "/login/" in phone.last.html


async def test_deep_link_in_a_language_that_is_not_there_stays_french(line: Line, phone: Phone) -> None:
    phone.types("/start lang-xx")
    await line.carry()
    assert "Bonjour" in phone.last.text
    assert (await line.session(phone)).locale == "fr"


@pytest.mark.parametrize(("quoted", "kept"), [("2. Migros, 3 mars", "le 2 : pas bon"), ("Migros", "pas bon")])
async def test_reply_to_a_numbered_item_is_about_it(line: Line, phone: Phone, quoted: str, kept: str) -> None:
    phone.types("pas bon", quote={"text": quoted, "position": 0})
    await line.carry()
    assert (await line.transcript(phone))[0].text == kept


# Files.


async def test_photo_is_taken_in_its_largest_size_and_its_caption_as_text(line: Line, phone: Phone) -> None:
    phone.photographs(samples.jpeg(samples.picture()), caption="voici mon cv pour ma conseillère")
    await line.carry()
    said = [message for message in await line.transcript(phone) if message.author == "user"]
    assert [message.text for message in said] == ["voici mon cv pour ma conseillère", ""]
    assert len(said[1].attachments) == 1


async def test_file_of_a_wrong_kind_is_refused_with_the_reason(line: Line, phone: Phone) -> None:
    phone.sends(b"MZ not a document", "cv.pdf")
    await line.carry()
    assert "ni un PDF ni une photo" in phone.last.text


async def test_file_that_is_too_big_is_refused_before_it_is_fetched(line: Line, api: BotApi, phone: Phone) -> None:
    update = phone.sends(b"%PDF-")
    update["message"]["document"]["file_size"] = USUAL.max_bytes + 1
    await line.carry()
    assert "dépasse 10 Mo" in phone.last.text
    assert api.called("getFile") == []


async def test_file_that_cannot_be_fetched_now_is_taken_the_next_time(line: Line, api: BotApi, phone: Phone) -> None:
    update = phone.sends(samples.pdf())
    api.fail("failed", "getFile")
    with pytest.raises(Exception, match="Internal Server Error"):
        await line.carry()
    await line.telegram.take(update)
    await line.telegram.take(update)
    await line.work()
    assert "J'ai reçu votre fichier" in phone.last.text
    assert len(api.called("getFile")) == 1
    assert len(phone.shown) == 1


async def test_album_is_one_delivery_of_several_pages(line: Line, phone: Phone) -> None:
    photo = samples.jpeg(samples.picture())
    updates = [phone.photographs(photo, media_group_id="album-1") for _ in range(3)]
    await line.carry()
    assert phone.shown == []
    await line.later(seconds=ALBUM_SETTLES.total_seconds())
    assert "vos 3 fichiers" in phone.last.text
    for update in updates:
        await line.telegram.take(update)
    await line.later(seconds=60)
    assert len(phone.shown) == 1


async def test_late_page_of_an_album_is_waited_for(line: Line, phone: Phone) -> None:
    phone.photographs(samples.jpeg(samples.picture()), media_group_id="album-1")
    await line.carry()
    clock.freeze(clock.later(clock.now(), ALBUM_SETTLES / 2))
    update = phone.photographs(samples.jpeg(samples.picture()), media_group_id="album-1")
    await line.carry()
    await line.telegram.take(update)  # the same one again
    clock.freeze(clock.later(clock.now(), ALBUM_SETTLES / 2))
    await line.work()
    assert phone.shown == []
    await line.later(seconds=ALBUM_SETTLES.total_seconds())
    assert "vos 2 fichiers" in phone.last.text


async def test_without_uploads_files_are_not_fetched(
    settings: Settings, dialogue: Dialogue, api: BotApi, phone: Phone
) -> None:
    closed = settings.model_copy(update={"uploads": False})
    async with connected(closed, dialogue, api) as line:
        phone.sends(samples.pdf())
        await line.carry()
    assert [shown.text for shown in phone.shown] == [wording.NO_UPLOADS]
    assert api.called("getFile") == []


async def test_who_writes_too_fast_is_told_once(
    settings: Settings, dialogue: Dialogue, api: BotApi, phone: Phone
) -> None:
    slow = settings.model_copy(update={"session_rate": "2/hour"})
    async with connected(slow, dialogue, api) as line:
        for _ in range(6):
            phone.types("bonjour")
        await line.carry()
    assert [shown.text == wording.TOO_FAST for shown in phone.shown].count(True) == 1
    assert len(phone.shown) == 3
