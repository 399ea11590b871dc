"""What an IPA says, in words: as a table for the person, and as text for the fund."""

from __future__ import annotations

from collections.abc import Sequence

from actions.incapacity.draft import Announced
from actions.incapacity.task import CAUSES
from actions.ipa.draft import Away, IpaDraft
from actions.ipa.topics import ATTACHMENTS, LABELS, SITUATIONS, Topic, attachments_of
from base.wording import Translations, mark, write_day, write_span
from law.documents import Attachment

_HEAD = mark("Question"), mark("Réponse")
_YES, _NO = mark("**oui**"), mark("non")
_TOLD = mark("**oui** : {details}")
_WITH = mark("joint : {papers}")
_TO_FOLLOW = mark("à suivre : {papers}")
_WITHOUT = mark("sans pièce")
_DEGREE = mark("{degree} %")
_FROM = mark("dès le {day}")
_NOT_KNOWN = mark("premier jour pas encore connu")
_NOT_SAID = mark("pas précisé")


def table(draft: IpaDraft, translations: Translations) -> str:
    """Every question with its answer, and what goes with it."""
    head = " | ".join(map(translations.translate, _HEAD))
    rows = (f"| {translations.translate(LABELS[topic])} | {_row(draft, topic, translations)} |" for topic in Topic)
    return "\n".join((f"| {head} |", "|---|---|", *rows))


def _row(draft: IpaDraft, topic: Topic, translations: Translations) -> str:
    translate = translations.translate
    if not draft.answer(topic):
        return translate(_NO)
    said = details(draft, topic, translations)
    answer = translate(_TOLD).format(details=_on_one_line(said)) if said else translate(_YES)
    return "; ".join((answer, *papers(draft, topic, translations)))


def papers(draft: IpaDraft, topic: Topic, translations: Translations) -> Sequence[str]:
    """What is joined of the papers of a topic, and what is to follow."""
    if topic not in SITUATIONS:
        return ()
    translate, given = translations.translate, draft.contents(topic)
    parts = [translate(_WITH).format(papers=names(tuple(given), translations))] if given else []
    if topic in draft.following:
        parts.append(translate(_TO_FOLLOW).format(papers=names(missing(draft, topic), translations)))
    return parts or (translate(_WITHOUT),)


def missing(draft: IpaDraft, topic: Topic) -> tuple[Attachment, ...]:
    """The papers of a topic of which there is no file."""
    given = draft.contents(topic)
    return tuple(attachment for attachment in attachments_of(topic) if attachment not in given)


def names(attachments: Sequence[Attachment], translations: Translations) -> str:
    """What papers are called, one after the other."""
    return ", ".join(translations.translate(ATTACHMENTS[attachment]) for attachment in attachments)


def details(draft: IpaDraft, topic: Topic, translations: Translations) -> str:
    """What was said of a topic; empty when that is nothing."""
    if topic is Topic.ABSENCE:
        return ", ".join(_away(one, translations) for one in draft.absences)
    if topic is Topic.NEW_JOB:
        if draft.new_job_from is None:
            return translations.translate(_NOT_KNOWN)
        return translations.translate(_FROM).format(day=write_day(draft.new_job_from, translations.locale))
    if topic is Topic.INCAPACITY and draft.takes_announced:
        return announced(draft.announced_then, translations)
    return draft.told.get(topic) or (translations.translate(_NOT_SAID) if topic in draft.told else "")


def announced(spells: Sequence[Announced], translations: Translations) -> str:
    """Incapacities that were announced to the ORP: cause, days, degree."""
    return " ; ".join(
        ", ".join(
            part
            for part in (
                translations.translate(CAUSES[one.cause]) if one.cause else "",
                write_span(one.first, one.last, translations),
                translations.translate(_DEGREE).format(degree=one.degree) if one.degree else "",
            )
            if part
        )
        for one in spells
    )


def _away(one: Away, translations: Translations) -> str:
    days = write_span(one.first, one.last, translations)
    return f"{one.reason} {days}" if one.reason else days


def _on_one_line(text: str) -> str:
    """Somebody's words, so that they stay in their cell."""
    return " ".join(text.split()).replace("|", "/")
