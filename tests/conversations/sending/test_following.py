"""A task that is begun in one conversation and goes on in another one of the same person."""

from __future__ import annotations

import pytest

from base.tokens import TOKEN
from casework import drafts, following, persons
from casework.desk import staffed
from conversations.models import TELEGRAM, WEB, Phase
from tests.conversations.sending.test_incapacity import ALL, SUMMARY, asked, received, told
from tests.conversations.sending.test_ipa import WORKED
from tests.conversations.sending.test_ipa import told as told_month
from tests.support.conversing import Talk, text_of, transcript
from tests.support.sending import AMADOU, CAMILLE, Counter

OFFER = "Reprendre : Annonce d'une maladie ou d'un accident"


def offered(talk: Talk) -> list[str]:
    assert talk.reply is not None
    return [choice.label for message in talk.reply.messages for choice in message.choices]


async def test_announcement_begun_on_the_web_is_sent_from_telegram(counter: Counter, talk: Talk) -> None:
    await told(counter, talk, ALL, "FILE")
    async with counter.talking(channel=TELEGRAM) as other:
        answer = await told(counter, other, "je veux reprendre ici ce que j'ai commencé sur le site")
        assert "dans une autre conversation" in answer
        assert offered(other) == [OFFER]
        summary = await told(counter, other, f"[{OFFER}]")
        assert "C'est repris ici" in summary
        assert "du lundi 9 mars 2026 au vendredi 13 mars 2026" in summary
        assert SUMMARY in summary
        assert await received(counter) == []
        assert "Reçu par Job-Room" in await told(counter, other, "oui")
    (entry,) = (await counter.gateway.get("/sandbox/journal")).json()[-1:]
    assert entry["operation"] == "announce_incapacity"
    assert len(entry["request"]["certificates"]) == 1


async def test_ipa_begun_on_the_web_is_sent_from_telegram_with_its_papers(counter: Counter, talk: Talk) -> None:
    await told_month(counter, talk, WORKED, "FILE contrat.pdf", "[Le reste suivra]")
    async with counter.talking(channel=TELEGRAM) as other:
        await told(counter, other, "je veux reprendre ici ce que j'ai commencé sur le site")
        assert offered(other) == ["Reprendre : IPA du mois"]
        shown = await told(counter, other, "[Reprendre]")
        assert "3 jours chez Migros; joint : contrat de travail; à suivre : feuille de salaire" in shown
        assert "Reçu par Job-Room" in await told(counter, other, "oui")
    (entry,) = (await counter.gateway.get("/sandbox/journal")).json()[-1:]
    assert entry["operation"] == "send_ipa"
    assert len(entry["request"]["situations"][0]["attachments"]) == 1


async def test_yes_where_it_was_begun_sends_nothing_any_more(counter: Counter, talk: Talk) -> None:
    await told(counter, talk, ALL, "FILE")
    async with counter.talking(channel=TELEGRAM) as other:
        await told(counter, other, "continuer sur le telegram", f"[{OFFER}]")
        answer = await told(counter, talk, "oui")
        assert "Vous avez continué cette démarche dans une autre conversation" in answer
        assert talk.reply is not None
        assert talk.reply.state.phase is not Phase.SUBMITTED
        assert await received(counter) == []
        await told(counter, talk, "[Reprendre ici]")
        assert offered(talk) == [OFFER]
        assert SUMMARY in await told(counter, talk, f"[{OFFER}]")
        assert "Vous avez continué" in await told(counter, other, "oui")
        assert "Reçu par Job-Room" in await told(counter, talk, "oui")
    assert len(await received(counter)) == 1


async def test_what_was_begun_is_offered_after_the_login(counter: Counter, talk: Talk) -> None:
    await told(counter, talk, "malade depuis hier")
    async with counter.talking(person=None, channel=TELEGRAM) as other:
        await told(counter, other, "me connecter")
        assert OFFER not in offered(other)
        await counter.link(other)
        await counter.program.on_linked(other.session.id)
        last = await counter.last(other)
        assert OFFER in [choice.label for choice in last.choices]
        assert "Vous êtes connecté" in last.text


async def test_list_that_was_put_aside_goes_on_with_what_is_ticked(counter: Counter, talk: Talk) -> None:
    await told(counter, talk, "je veux préparer ma demande d'indemnité", "[Ce mois-ci]", "j'ai le 1 et le 3")
    await told(counter, talk, "on continue demain")
    async with counter.talking(channel=TELEGRAM) as other:
        await told(counter, other, "je voudrais continuer ici ce que j'ai commencé sur le site")
        assert offered(other) == ["Reprendre : Liste pour ma demande d'indemnité"]
        listed = await told(counter, other, "[Reprendre]")
        assert "il reste 5 à cocher" in listed
        assert "3 sur 7" in await told(counter, other, "le 2 aussi")


async def test_what_is_replaced_here_leaves_no_file_behind(counter: Counter, talk: Talk) -> None:
    await told(counter, talk, ALL, "FILE")
    async with counter.talking(channel=TELEGRAM) as other:
        file = await counter.file(other)
        await told(counter, other, "malade depuis jeudi")
        await other.send(file)
        await told(counter, other, "reprends ce que j'ai commencé sur l'ordi", f"[{OFFER}]")
        assert asked(other) == "is_confirmed"
        assert not await counter.kept(other, file)


async def test_nobody_is_offered_what_others_began(counter: Counter, talk: Talk) -> None:
    await told(counter, talk, ALL)
    async with counter.talking(person=AMADOU) as other:
        await told(counter, other, "je peux reprendre ici ce que j'ai commencé sur l'autre téléphone ?")
        assert offered(other) == []
    async with counter.talking(person=None) as stranger:
        await told(counter, stranger, "je peux reprendre ici ce que j'ai commencé sur l'autre téléphone ?")
        assert OFFER not in offered(stranger)


@pytest.mark.parametrize(
    ("channel", "way"), [(WEB, "On me trouve sur le web seulement"), (TELEGRAM, "Oui, sur le web")]
)
async def test_the_way_to_the_other_channel(counter: Counter, channel: str, way: str) -> None:
    async with counter.talking(person=None, channel=channel) as talk:
        assert way in await told(counter, talk, "on peut continuer sur l'ordinateur ou sur telegram ?")
        assert ("Me connecter" in offered(talk)) is (channel == TELEGRAM)


async def test_identifiers_move_under_names_of_their_own(counter: Counter, talk: Talk) -> None:
    await talk.say("mes recherches : Manor Genève, vendeur, par téléphone au 022 909 46 11 le 3 mars")
    async with counter.talking(channel=TELEGRAM) as other:
        await other.say("mon numéro c'est le 076 123 45 67")
        program = counter.program
        with staffed(program.desk):
            async with program.database.unit_of_work(serialise=other.session.id) as work:
                assert await following.bring(work, other.session.id, "job_search")
        async with program.database.reading() as connection:
            stored = await drafts.latest(connection, other.session.id, "job_search")
            assert stored is not None
            (found,) = TOKEN.finditer(str(stored.content))
            assert await program.vault.reveal(connection, other.session.id, found[0]) == "+41229094611"


async def test_what_is_being_said_elsewhere_is_waited_for(counter: Counter, talk: Talk) -> None:
    """SQLite has one writer; on PostgreSQL a conversation that is answered at this moment keeps its draft."""
    await told(counter, talk, ALL)
    async with counter.talking() as other:
        program = counter.program
        with staffed(program.desk):
            async with program.database.unit_of_work(serialise=other.session.id) as work:
                assert not await following.bring(work, other.session.id, "documents")
                assert await following.bring(work, other.session.id, "incapacity")
                assert await drafts.latest_unfinished(work.connection, talk.session.id) is None
                assert await persons.owner_of(work.connection, talk.session.id) == CAMILLE
        assert text_of(await other.say("on en est où")) != ""
        assert await transcript(program.database, talk.session)
