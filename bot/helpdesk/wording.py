"""What the console says: French only, as its agents are the offices of Geneva and the SECO."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final

from babel.dates import format_date, format_datetime, format_time

from actions.handover.telling import EMAIL
from base import clock
from base.identifiers import Kind
from bot.helpdesk.permissions import PATH, Deed
from casework.agents import Colleague, Role
from casework.case_events import CaseEvent, Event
from casework.case_work import CaseError, HeldByAnother, NobodyThere, NotNow, Overtaken, Unfit
from casework.cases import Case, CaseState, Outcome
from casework.triage import Cause, Office, Reason, Urgency
from law.offices import Item

LOCALE = "fr_CH"
_SPACE = "\N{NO-BREAK SPACE}"

OFFICES: Final[Mapping[Office, str]] = {
    Office.ORP: "ORP",
    Office.FUND: "Caisse",
    Office.EMPLOYERS: "Service employeurs",
    Office.SECO: "Assistance Job-Room (SECO)",
    Office.KAE_FFE: "KAE-FFE",
    Office.LEGAL: "Service juridique",
}
EVERYWHERE: Final = "tous les offices"
ROLES: Final[Mapping[Role, str]] = {
    Role.AGENT: "agent·e",
    Role.SUPERVISOR: "responsable",
    Role.ADMINISTRATOR: "administrateur·trice",
}
URGENCIES: Final[Mapping[Urgency, str]] = {
    Urgency.IMMEDIATE: "Danger possible",
    Urgency.PRESSING: "Pressant",
    Urgency.DATED: "Avec délai",
    Urgency.NORMAL: "Sans délai",
}
STATES: Final[Mapping[CaseState, str]] = {
    CaseState.OPEN: "À prendre",
    CaseState.CLAIMED: "Pris",
    CaseState.WAITING: "Attend la personne",
    CaseState.SNOOZED: "En pause",
    CaseState.RESOLVED: "Clos",
}
CAUSES: Final[Mapping[Cause, str]] = {
    Cause.ASKED: "La personne demande un humain",
    Cause.COMPLAINT: "Réclamation",
    Cause.NOT_UNDERSTOOD: "L'assistant n'a pas compris, deux fois",
    Cause.CRISIS: "La personne va mal",
    Cause.REFUSED: "Un envoi a été refusé",
    Cause.OVERDUE: "Un envoi n'arrive pas",
    Cause.DEADLINE_MISSED: "Un délai est passé",
    Cause.ASKED_AGAIN: "La personne y revient, et nous ne pouvons pas le régler",
}
OUTCOMES: Final[Mapping[Outcome, str]] = {
    Outcome.ANSWERED: "Réponse donnée",
    Outcome.DONE: "Démarche faite",
    Outcome.PASSED_ON: "Transmis hors du service d'aide",
    Outcome.NO_REPLY: "La personne ne répond plus",
    Outcome.DUPLICATE: "En double",
    Outcome.OUT_OF_SCOPE: "Ne nous concerne pas",
}
CHANNELS: Final[Mapping[str, str]] = {"web": "sur le site", "telegram": "sur Telegram"}
LANGUAGES: Final[Mapping[str, str]] = {"fr": "français", "de": "allemand", "it": "italien", "en": "anglais"}
AUTHORS: Final[Mapping[str, str]] = {"user": "La personne", "bot": "L'assistant", "agent": "Le service d'aide"}
MATTERS: Final[Mapping[str, str]] = {"objection": "opposition", "appeal": "recours"}
ITEMS: Final[Mapping[str, str]] = {
    Item.DECISION: "la décision",
    Item.SIGNED_LETTER: "la lettre signée",
    Item.MEDICAL_CERTIFICATE: "le certificat médical",
    Item.VACANCY_ANNOUNCEMENT: "l'annonce du poste",
    Item.PUBLICATION_CONTACT: "nom et e-mail de la personne qui publie l'annonce",
    Item.FULL_SCREENSHOT: "une capture de tout l'écran",
    Item.SCREENSHOT_WITH_USER_AND_TIME: "une capture avec le nom d'utilisateur, la date et l'heure",
    Item.REE_NUMBER: "le numéro REE",
    Item.UID: "le numéro IDE",
    Item.DESCRIPTION: "une description du problème",
    Item.FORMER_EMAIL: "l'ancienne adresse e-mail",
    Item.NEW_EMAIL: "la nouvelle adresse e-mail",
    EMAIL: "une adresse e-mail pour la joindre",
}
IDENTIFIERS: Final[Mapping[str, str]] = {
    Kind.PERSONAL_NUMBER: "Numéro personnel",
    Kind.EMAIL: "E-mail",
    Kind.PHONE: "Téléphone",
}
TOPICS: Final[Mapping[str, str]] = {
    "account_link": "Lien avec Job-Room",
    "are": "ARE",
    "benefit_application": "Demande d'indemnité",
    "cantonal_overview": "Prestations cantonales",
    "correct_or_cancel": "Correction ou annulation",
    "court_appeal": "Recours au tribunal",
    "crisis": "Détresse",
    "data_protection": "Protection des données",
    "docs_by_status": "Documents selon le statut",
    "duty_to_inform": "Devoir d'informer",
    "employer_charter": "Charte des employeurs",
    "employer_jobroom_account": "Compte Job-Room d'entreprise",
    "employer_support": "Aides à l'engagement",
    "employer_vacancy": "Annonce de poste",
    "followup_timeline": "Suivi par l'ORP",
    "human_handover": "Demande d'un humain",
    "incapacity_rules": "Maladie et accident",
    "ipa_attachments": "Annexes de l'IPA",
    "ipa_rules": "Formulaire IPA",
    "job_search_rules": "Recherches d'emploi",
    "jobroom_enrolment": "Compte Job-Room",
    "jobroom_login": "Connexion à Job-Room",
    "jobroom_overview": "Job-Room",
    "language": "Langue",
    "not_covered": "Sujet non traité",
    "objection": "Opposition",
    "orp_documents": "Documents pour l'ORP",
    "out_of_scope": "Hors sujet ou pas compris",
    "pcm": "PCM",
    "pcm_contribution": "Cotisation PCM",
    "personal_number": "Numéro personnel",
    "public_holidays": "Jours fériés",
    "registration": "Inscription",
    "repayment": "Restitution",
    "sanctions": "Sanction",
    "smalltalk": "Conversation",
    "solidarity_jobs": "Emplois de solidarité",
    "training_programme": "Stage ou formation",
    "tx_deadline": "Calcul de délai",
    "tx_delete_data": "Effacement des données",
    "tx_documents": "Envoi de documents",
    "tx_incapacity": "Annonce de maladie",
    "tx_ipa": "Envoi de l'IPA",
    "tx_job_search": "Envoi des recherches",
    "tx_measures_check": "Examen des mesures",
    "tx_my_data": "Mes données",
    "tx_reminder": "Rappels",
    "tx_status": "Suivi d'un envoi",
}

PLACES: Final = (
    (Deed.QUEUE, PATH, "File"),
    (Deed.ANSWERS, f"{PATH}/answers", "Réponses types"),
    (Deed.FIGURES, f"{PATH}/figures", "Chiffres"),
    (Deed.AGENTS, f"{PATH}/agents", "Agents"),
)
"""Where the navigation leads, and what one must be allowed to go there."""
SHORTCUTS: Final = (
    (("j", "↓"), "cas suivant dans la file"),
    (("k", "↑"), "cas précédent"),
    (("Entrée",), "ouvrir le cas"),
    (("/",), "chercher"),
    (("u",), "revenir à la file"),
    (("p",), "prendre le cas"),
    (("r",), "écrire une réponse"),
    (("n",), "écrire une note"),
    (("Ctrl + Entrée",), "envoyer ce que l'on écrit"),
    (("?",), "cette aide"),
)

SIGN_IN_FAILURES: Final[Mapping[str, str]] = {
    "not_open": "La connexion des agents n'est pas encore réglée ici. Adressez-vous à l'exploitant.",
    "other_browser": "Cette connexion a commencé dans une autre fenêtre. Par sécurité, personne n'est connecté.",
    "took_too_long": "Plus de dix minutes ont passé, ou le navigateur n'accepte pas de cookie. Recommencez.",
    "denied": "Vous avez annulé la connexion.",
    "refused": "Le service de connexion n'a pas confirmé qui vous êtes. Recommencez.",
    "provider_down": "Le service de connexion ne répond pas. Réessayez dans quelques minutes.",
    "no_role": "Votre compte n'a aucun rôle au service d'aide. Demandez-le à votre responsable.",
    "too_many": "Il y a beaucoup de demandes en même temps. Attendez un instant, puis recommencez.",
}
REFUSALS: Final[Mapping[str, str]] = {
    "role": "Votre rôle ne permet pas cela. Si vous en avez besoin, demandez à votre responsable.",
    "office": "Ce cas est dans la file d'un autre office, ou votre rôle pour cet office ne permet pas cela.",
    "forged": "Cette demande ne vient pas d'une page à vous. Rien n'a été fait. Rechargez la page, puis recommencez.",
}
SIGNED_OUT = "Votre session a pris fin. Reconnectez-vous ici : ce que vous avez écrit est gardé dans cet onglet."
GONE = "Ce cas n'existe pas, ou plus : la personne l'a peut-être effacé avec sa conversation."

DONE: Final[Mapping[Deed, str]] = {
    Deed.CLAIM: "Vous avez pris le cas.",
    Deed.RELEASE: "Le cas est de nouveau à prendre.",
    Deed.ASSIGN: "Le cas est attribué.",
    Deed.TRANSFER: "Le cas est transféré.",
    Deed.SNOOZE: "Le cas est en pause.",
    Deed.RESOLVE: "Le cas est clos. La personne peut dire si cela l'a aidée.",
    Deed.REOPEN: "Le cas est rouvert.",
    Deed.REPLY: "Votre réponse est partie.",
    Deed.NOTE: "La note est gardée.",
    Deed.LABEL: "Les étiquettes sont à jour.",
    Deed.TAKE_OVER: "Vous parlez maintenant avec la personne. L'assistant se tait.",
    Deed.GIVE_BACK: "L'assistant répond de nouveau.",
}
"""What an agent reads after a deed of theirs."""
HAPPENED: Final[Mapping[Event, str]] = {
    Event.OPENED: "Cas ouvert",
    Event.ADDED: "La personne a demandé encore une fois, ou quelque chose s'est ajouté",
    Event.WROTE: "La personne a écrit",
    Event.RETURNED: "La personne est revenue avec son code",
    Event.LEFT: "La personne est retournée à l'assistant",
    Event.RATED: "La personne a donné son avis",
    Event.CLAIMED: "{agent} a pris le cas",
    Event.RELEASED: "{agent} a remis le cas dans la file",
    Event.ASSIGNED: "{agent} a attribué le cas à {to}",
    Event.TRANSFERRED: "{agent} a transféré le cas à {to}",
    Event.SNOOZED: "{agent} a mis le cas en pause jusqu'au {until}",
    Event.RESOLVED: "{agent} a clos le cas : {outcome}",
    Event.REOPENED: "{agent} a rouvert le cas",
    Event.REPLIED: "{agent} a répondu",
    Event.NOTED: "{agent} a noté",
    Event.TOOK_OVER: "{agent} a pris la conversation en direct",
    Event.GAVE_BACK: "{agent} a rendu la conversation à l'assistant",
    Event.LABELLED: "{agent} a changé l'étiquette « {label} »",
}
"""What stands in the history of a case."""


def happened(event: CaseEvent) -> str:
    """What happened, in one sentence without its end."""
    details = event.details
    until = details.get("until")
    office = details.get("office")
    return HAPPENED[event.kind].format(
        agent=event.agent.name if event.agent else "Quelqu'un",
        to=details.get("to") or (OFFICES[Office(office)] if office else ""),
        until=moment(datetime.fromisoformat(until)) if until else "",
        outcome=lower_first(OUTCOMES[Outcome(details["outcome"])]) if "outcome" in details else "",
        label=details.get("label", ""),
    )


def refusal(error: CaseError) -> str:
    """Why a deed was not done, for who wanted to do it."""
    kept = "Rien d'autre n'a changé, et votre texte est toujours là."
    if isinstance(error, Overtaken):
        return f"{happened(error.event)}, {ago(error.event.at)}. Votre demande n'a donc pas été exécutée. {kept}"
    if isinstance(error, HeldByAnother):
        return f"{error.case.agent_name} a ce cas. Demandez-lui de vous le transférer, ou écrivez une note. {kept}"
    if isinstance(error, NobodyThere):
        return f"La conversation est effacée : plus personne ne peut y être joint. {kept}"
    if isinstance(error, NotNow):
        return f"Ce n'est pas possible maintenant : {STATES[error.case.state].lower()}. {kept}"
    if isinstance(error, Unfit):
        return f"Écrivez entre 1 et {error.longest} caractères. {kept}"
    return GONE


def reason(case: Case) -> str:
    """Why a case stands where it does."""
    position, waited = case.position, f"attend depuis {spell(clock.now() - case.waiting_since)}"
    if position.reason is Reason.DANGER:
        return f"Une personne est peut-être en danger ; {waited}"
    if case.safe is None or position.reason is Reason.WAITING:
        return capitalize_first(waited)
    days = "1 jour ouvrable" if position.days_left == 1 else f"{position.days_left} jours ouvrables"
    left = f"Il reste {days}, jusqu'au {short_day(case.safe)}"
    texts = {
        Reason.PASSED: f"La date conseillée, le {short_day(case.safe)}, est passée",
        Reason.TODAY: "À faire aujourd'hui",
    }
    return f"{texts.get(position.reason, left)} ; {waited}"


def spell(passed: timedelta) -> str:
    """How long something takes or took, in the largest unit that fits."""
    minutes = max(0, int(passed.total_seconds() // 60))
    if minutes < 1:
        return "moins d'une minute"
    if minutes < 60:
        return f"{minutes}{_SPACE}min"
    hours = minutes // 60
    if hours < 48:
        rest = f"{_SPACE}{minutes % 60:02}" if hours < 10 and minutes % 60 else ""
        return f"{hours}{_SPACE}h{rest}"
    return f"{hours // 24} jours"


def ago(at: datetime) -> str:
    """When something was, as one says it today."""
    if at.date() == clock.today():
        return f"aujourd'hui à {hour(at)}"
    return f"le {moment(at)}"


def moment(at: datetime) -> str:
    """A day and a time."""
    return format_datetime(at.astimezone(clock.ZONE), "d MMM y, HH:mm", locale=LOCALE)


def coming(at: datetime) -> str:
    """A time that is to come, briefly."""
    return (
        hour(at)
        if at.date() == clock.today()
        else format_datetime(at.astimezone(clock.ZONE), "E d MMM, HH:mm", locale=LOCALE)
    )


def hour(at: datetime) -> str:
    """A time of day."""
    return format_time(at.astimezone(clock.ZONE), "HH:mm", locale=LOCALE)


def day(on: date) -> str:
    """A day, with its name."""
    return format_date(on, "EEEE d MMMM y", locale=LOCALE)


def short_day(on: date) -> str:
    """A day in a table."""
    return format_date(on, "d MMM y", locale=LOCALE)


def topic(name: str) -> str:
    """A topic as agents call it."""
    return TOPICS.get(name, name)


def language(tag: str) -> str:
    """A language by its name."""
    return LANGUAGES.get(tag, tag)


def roles(agent: Colleague) -> list[str]:
    """What somebody may do, and for which offices."""
    held = {role: [office for office in OFFICES if agent.roles.get(office) is role] for role in ROLES}
    return [
        f"{capitalize_first(name)} : "
        + (EVERYWHERE if len(held[role]) == len(OFFICES) else ", ".join(OFFICES[office] for office in held[role]))
        for role, name in ROLES.items()
        if held[role]
    ]


def capitalize_first(text: str) -> str:
    """A text as it begins a line."""
    return text[:1].upper() + text[1:]


def lower_first(text: str) -> str:
    """A text as it goes on in a line."""
    return text[:1].lower() + text[1:]


FILTERS: Final[Mapping[str, Callable[..., Any]]] = {
    "capitalize_first": capitalize_first,
    "lower_first": lower_first,
    "moment": moment,
    "coming": coming,
    "day": day,
    "short_day": short_day,
    "ago": ago,
    "spell": spell,
    "topic": topic,
    "language": language,
    "reason": reason,
    "happened": happened,
    "roles": roles,
}
