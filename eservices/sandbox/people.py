"""A dozen invented persons, each in a situation of their own."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date

from eservices.models import (
    Address,
    ApplicationContent,
    ApplyChannel,
    Company,
    Effort,
    LastEmployment,
    Operation,
    Result,
    Workload,
)
from eservices.models.common import period_of
from eservices.models.files import MAX_VERSIONS
from eservices.sandbox.store import Store, new_id
from law.documents import ApplicationStatus, Document, Recipient
from law.periods import Month

CANTONAL_FUND = "Caisse cantonale genevoise de chômage"
OTHER_FUND = "Caisse de chômage du bac à sable"
A_PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Count 0/Kids[]>>endobj\n%%EOF\n"


@dataclass(frozen=True)
class Invented:
    """One of them."""

    given_name: str
    family_name: str
    birth_date: date
    registered_on: date
    story: str
    application: ApplicationStatus | None = None
    fund: str = CANTONAL_FUND
    ipa_day: int = 22
    bound_to: str | None = None


PEOPLE = (
    Invented("Camille", "Rochat", date(1994, 5, 17), date(2026, 1, 5), "Vient de s'inscrire ; aucune demande."),
    Invented(
        *("Amadou", "Diallo", date(1988, 11, 2), date(2026, 1, 12)),
        "« Demande non finalisée » : les documents pour la caisse attendent.",
        ApplicationStatus.DRAFT,
    ),
    Invented(
        *("Léa", "Favre", date(1979, 3, 30), date(2025, 12, 1)),
        "« Droit en cours d'examen » : « Mes documents » est ouvert.",
        ApplicationStatus.UNDER_REVIEW,
    ),
    Invented(
        *("Marco", "Bernasconi", date(1966, 8, 9), date(2025, 9, 1)),
        "Cas traité par la caisse : « Mes documents » est fermé.",
        ApplicationStatus.DECIDED,
    ),
    Invented(
        *("Inês", "Almeida", date(1991, 1, 23), date(2025, 11, 3)),
        "En gain intermédiaire ; sa caisse ouvre l'IPA le 25.",
        *(ApplicationStatus.DECIDED, OTHER_FUND, 25),
    ),
    Invented(
        *("Yannick", "Chappuis", date(1985, 6, 14), date(2025, 10, 1)),
        "Trois recherches saisies ce mois-ci, pas encore transmises.",
        ApplicationStatus.DECIDED,
    ),
    Invented(
        *("Fatima", "Benali", date(1973, 12, 5), date(2025, 12, 15)),
        "Recherches du mois passé transmises.",
        ApplicationStatus.UNDER_REVIEW,
    ),
    Invented(
        *("Jonas", "Keller", date(2001, 4, 8), date(2025, 11, 17)),
        "Recherches du mois passé rouvertes par l'ORP.",
        ApplicationStatus.DECIDED,
    ),
    Invented(
        *("Élodie", "Perret", date(1982, 9, 27), date(2025, 10, 20)),
        "A déjà six versions de son CV, le maximum.",
        ApplicationStatus.UNDER_REVIEW,
    ),
    Invented(
        *("Dragan", "Petrović", date(1969, 2, 11), date(2025, 9, 15)),
        "Son numéro personnel est lié à un autre accès.",
        *(ApplicationStatus.DECIDED, CANTONAL_FUND, 22, "sub-elsewhere"),
    ),
    Invented(
        *("Chiara", "Moretti", date(1997, 7, 19), date(2026, 1, 19)),
        "Malade ; incapacité à annoncer.",
        *(ApplicationStatus.UNDER_REVIEW, OTHER_FUND, 25),
    ),
    Invented(
        *("Paul", "Girod", date(1958, 10, 31), date(2025, 8, 18)),
        "Inscrit depuis longtemps ; les premiers mois sont clos.",
        ApplicationStatus.DECIDED,
    ),
)


def person_id(index: int) -> str:
    """Name of the person at this place of `PEOPLE`, counted from 1."""
    return f"p-{index:08}"


def personal_number(index: int) -> str:
    """Personal number of the person at this place."""
    return f"{10_000_000 + index * 11:08}"


def subject(index: int) -> str:
    """Subject of the person's login."""
    return f"sub-{index:08}"


def invite(store: Store) -> None:
    """Puts them into an empty database, with what they have done so far."""
    today = store.now().date()
    for index, one in enumerate(PEOPLE, start=1):
        store.execute(
            "INSERT INTO person VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            *(person_id(index), personal_number(index), one.birth_date.isoformat(), one.given_name, one.family_name),
            *(one.registered_on.isoformat(), one.fund, one.ipa_day, one.story, subject(index), one.bound_to),
        )
        if one.application is not None:
            _apply(store, person_id(index), one, one.application)
    this_month, last_month = Month.of(today), Month.of(today).later(-1)
    _search(store, person_id(6), this_month, min(today, this_month.last_day), count=3)
    _search(store, person_id(7), last_month, last_month.last_day, count=2, status="SUBMITTED")
    _search(store, person_id(8), last_month, last_month.last_day, count=2, status="RE_OPENED")
    for version in range(1, MAX_VERSIONS + 1):
        _send_cv(store, person_id(9), version)


def example_effort(day: date, company: str = "Boulangerie des Grottes") -> Effort:
    """An application that Job-Room's form would take."""
    return Effort(
        apply_date=day,
        company=Company(
            name=company, address=Address(postal_code="1201", city="Genève"), email="emploi@grottes.example"
        ),
        channels=[ApplyChannel.ELECTRONIC],
        occupation="Vendeuse",
        assigned_by_orp=False,
        workload=Workload.FULLTIME,
        results=[Result.PENDING],
    )


def _apply(store: Store, person: str, one: Invented, status: ApplicationStatus) -> None:
    content = ApplicationContent(
        claims_from=one.registered_on,
        iban="CH9300762011623852957",
        last_employment=LastEmployment(employer="Atelier du Rhône SA", ended_on=one.registered_on),
    )
    sent = status is not ApplicationStatus.DRAFT
    receipt = store.issue_receipt(person, Operation.TRANSMIT_APPLICATION, Recipient.FUND) if sent else None
    store.execute(
        "INSERT INTO application VALUES (?, ?, ?, ?)",
        *(person, status, content.model_dump_json(), receipt.number if receipt else None),
    )


def _search(store: Store, person: str, month: Month, day: date, count: int, status: str | None = None) -> None:
    period, now = period_of(month), store.now()
    submitted = None
    if status is not None:
        submitted = store.issue_receipt(person, Operation.TRANSMIT_REPORT, Recipient.ORP)
        store.execute(
            "INSERT INTO report VALUES (?, ?, ?, ?, ?)",
            *(person, period, status, submitted.received_at.isoformat(), submitted.number),
        )
    for number in range(1, count + 1):
        effort = example_effort(day, f"Entreprise d'essai {number}")
        store.execute(
            "INSERT INTO effort VALUES (?, ?, ?, ?, ?, ?)",
            *(new_id("e"), person, period, effort.model_dump_json(exclude_none=True), now.isoformat()),
            submitted.received_at.isoformat() if submitted else None,
        )


def _send_cv(store: Store, person: str, version: int) -> None:
    receipt = store.issue_receipt(person, Operation.SEND_DOCUMENT, Recipient.ORP)
    file = new_id("f")
    checksum = hashlib.sha256(A_PDF).hexdigest()
    store.execute(
        "INSERT INTO file VALUES (?, ?, ?, ?, ?, ?, ?)",
        *(file, person, A_PDF, len(A_PDF), checksum, store.now().isoformat(), receipt.number),
    )
    store.execute(
        "INSERT INTO document VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0)",
        *(new_id("d"), person, Document.CV, Recipient.ORP, f"cv-{version}.pdf", version, file, receipt.number),
    )
