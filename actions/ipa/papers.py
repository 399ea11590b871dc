"""Which papers prove what an IPA says, and which file is which of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from actions.ipa.answers import forgotten, others, says_no, takes_back
from actions.ipa.clauses import told
from actions.ipa.draft import IpaDraft
from actions.ipa.questions import ASKS, LEFT_OUT, PIECES, WHICH
from actions.ipa.topics import Topic, attachments_of
from actions.tasks import Question, Said
from base.plain import plain
from conversations.models import FileId
from law.documents import Attachment

_LATER = re.compile(
    r"\bplus tard|\bpas encore|\bpas (?:la|sur moi|sous la main|maintenant)\b|\bsui(?:vra|vront|t|vre)\b|\bapres\b|\bdemain\b|\bj'?attends?\b|"
    r"\b(?:aurai|recevrai|enverrai|ensuite)\b|\bmanque\w*"
)
_DONE = re.compile(
    r"^\W*(?:rien|aucun|aucune|zero)(?: du tout| de tout)?\W*$|\bc'?est tout\b|\brien d'autre|\bpas d'autres?|\btout (?:est la|envoye)|\bfini\b|\bj'ai tout\b|^\W*voila\W*$|\brien (?:a joindre|de plus)|"
    r"\b(?:je n'ai|j'ai|ai) (?:rien|pas)\b|\baucun(?:e)? (?:piece|papier|document)|\brien pour\b|"
    r"\bdeja\b.{0,25}\bcaisse\b|\bcaisse\b.{0,25}\bdeja\b"
)
_THAT_ONE = re.compile(
    r"^\W*oui\b(?!.*\bmais\b)|\b(?:le|la) meme\b|\bcelui (?:de|que|a|envoye|pour)\b|\bjoins?[- ]le\b|\bjoignez[- ]le\b"
)
"""Takes what was offered."""
_ALL_FILES = re.compile(r"\b(?:tou(?:te)?s|les deux|les trois|tous les)\b")
_NOT_JOINED = re.compile(
    r"\bpas (?:le )?joindre|\baucun|\bautre chose|\brien de (?:tout )?ca|\benlev|\bne (?:le |la )?joi"
)
_PAPERS: Mapping[Attachment, re.Pattern[str]] = MappingProxyType(
    {
        Attachment.APPRENTICESHIP_CONTRACT: re.compile(r"apprentissage|apprenti"),
        Attachment.WORK_CONTRACT: re.compile(r"contrat|mission"),
        Attachment.PAYSLIP: re.compile(
            r"(?:fiche|feuille|bulletin|decompte)s?[ _.-]*(?:de[ _.-]*)?(?:salaires?|paies?|payes?)|salaire"
        ),
        Attachment.INTERMEDIATE_EARNINGS_CERTIFICATE: re.compile(
            r"(?<![a-z])agi(?![a-z])|(?:attestation|certificat)[ _.-]*(?:de[ _.-]*)?(?:gains?|gi(?![a-z]))|gains?[ _.-]*intermediaires?"
        ),
        Attachment.MEDICAL_CERTIFICATE: re.compile(
            r"medica|medecin|certificat[ _.-]*(?:de[ _.-]*)?maladie|arret[ _.-]*(?:de[ _.-]*)?(?:travail|maladie)"
        ),
        Attachment.ACCIDENT_FORM: re.compile(r"accident"),
        Attachment.APG_CERTIFICATE: re.compile(r"(?<![a-z])apg(?![a-z])|perte[ _.-]*de[ _.-]*gain"),
        Attachment.BIRTH_CERTIFICATE: re.compile(r"naissance|livret[ _.-]*de[ _.-]*famille"),
        Attachment.TRAINING_CERTIFICATE: re.compile(r"formation|ecole|scolari|etude|universit|inscription"),
        Attachment.DIPLOMA: re.compile(r"diplome|(?<![a-z])(?:cfc|bachelor|master|maturite)(?![a-z])"),
        Attachment.DECISION: re.compile(r"decision"),
        Attachment.SUPPORTING_DOCUMENTS: re.compile(r"facture|justificati|pieces?(?![a-z])|recus?(?![a-z])"),
        Attachment.STATEMENT: re.compile(r"decompte|releve"),
    }
)
"""How papers are called, by people and in the names of files; what comes first counts."""


def paper_in(text: str, among: Sequence[Attachment] = tuple(Attachment)) -> Attachment | None:
    """The paper that a text names, or that a file is by its name; None when it names none of these."""
    simple = plain(text)
    return next((one for one, pattern in _PAPERS.items() if one in among and pattern.search(simple)), None)


def options(draft: IpaDraft) -> Iterator[tuple[Topic, Attachment]]:
    """What the first unclear file can be."""
    topic = draft.topic_of(draft.unclear[0])
    for one in draft.proven if topic is None else (topic,):
        for attachment in attachments_of(one):
            yield one, attachment


def given(draft: IpaDraft, files: Sequence[FileId], pending: Question | None) -> dict[str, Any]:
    """Files that come while papers are awaited prove what was asked of, and are what was said to come."""
    if pending is not PIECES or draft.current is None:
        return {}
    types = {**draft.types, **dict.fromkeys(files, draft.coming)} if draft.coming else draft.types
    return {"belongs": {**draft.belongs, **dict.fromkeys(files, draft.current)}, "types": types, "coming": None}


def pieces(said: Said, draft: IpaDraft, topic: Topic) -> dict[str, Any]:
    """Whether papers of a topic come later, or no more come."""
    simple = plain(said.text)
    if draft.offers_certificate(topic) and (said.agrees or says_no(said.text) or _THAT_ONE.search(simple)):
        return {PIECES.slot: True, "takes_certificate": not says_no(said.text)}
    if ASKS.search(simple):
        return {}
    facts = told(said.text)
    if takes_back(said.text) and (more := others(facts, topic, said, draft)):
        return more
    is_later = _LATER.search(simple) is not None or said.unsure
    if is_later or _DONE.search(simple) or says_no(said.text):
        return settle(draft, topic, is_later=is_later)
    if topic in facts.no:
        return {topic.value: False, PIECES.slot: True, **forgotten(topic, draft)}
    paper = paper_in(said.text, attachments_of(topic))
    more = others(facts, topic, said, draft, is_free=paper is None)
    return more or ({"coming": paper} if paper or said.intent == "tx_documents" else {})


def settle(draft: IpaDraft, topic: Topic, *, is_later: bool) -> dict[str, Any]:
    """No more papers of a topic come now."""
    following = tuple(one for one in draft.following if one is not topic) + ((topic,) if is_later else ())
    return {PIECES.slot: True, "settled": (*draft.settled, topic), "following": following}


def which(said: Said, draft: IpaDraft) -> dict[str, Any]:
    """What the first unclear file is, or all of them."""
    simple, among = plain(said.text), list(options(draft))
    if ASKS.search(simple):
        return {}
    found = paper_in(said.text, [attachment for _, attachment in among])
    if found is None and (_NOT_JOINED.search(simple) or says_no(said.text)):
        return _left_out(draft)
    if found is None:
        return {"coming": None} if said.intent == "tx_documents" else {}
    topics = [topic for topic, attachment in among if attachment is found]
    files = draft.unclear if _ALL_FILES.search(simple) else draft.unclear[:1]
    return _typed(draft, files, topics[0], found)


def _typed(draft: IpaDraft, files: Sequence[FileId], topic: Topic, attachment: Attachment) -> dict[str, Any]:
    return {
        WHICH.slot: True,
        "types": {**draft.types, **dict.fromkeys(files, attachment)},
        "belongs": {**draft.belongs, **dict.fromkeys(files, topic)},
    }


def _left_out(draft: IpaDraft) -> dict[str, Any]:
    out = draft.unclear[0]
    return {WHICH.slot: True, "files": tuple(file for file in draft.files or () if file != out) or None}


def tapped_paper(draft: IpaDraft, item: str | None) -> dict[str, Any]:
    """What the first unclear file is, by the choice that was tapped."""
    if item is None:
        return {}
    if item == LEFT_OUT:
        return _left_out(draft)
    topic, _, attachment = item.partition(":")
    return _typed(draft, draft.unclear[:1], Topic(topic), Attachment(attachment))
