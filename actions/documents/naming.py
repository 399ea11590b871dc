"""What the name of a file says of its content."""

import re
from collections.abc import Mapping
from types import MappingProxyType

from base.plain import plain
from law.documents import Document

_NAMED: Mapping[Document, re.Pattern[str]] = MappingProxyType(
    {
        Document.CV: re.compile(r"(?<![a-z])(?:cv|curriculum|lebenslauf|resume)(?![a-z])"),
        Document.COVER_LETTER: re.compile(r"motivation|candidature spontanee|(?<![a-z])lm(?![a-z])"),
        Document.DIPLOMA: re.compile(r"diplom|(?<![a-z])(?:cfc|brevet|bachelor|master|maturite)(?![a-z])"),
        Document.WORK_CERTIFICATE: re.compile(
            r"certif[a-z]*[ _.-]*(?:de[ _.-]*)?travail|(?<![a-z])ct(?![a-z])|arbeitszeugnis"
        ),
        Document.TERMINATION_LETTER: re.compile(r"licenciement|demission|resiliation|conge(?![a-z])|kundigung"),
        Document.APPLICATION_FILE: re.compile(r"dossier[ _.-]*(?:de[ _.-]*)?(?:candidature|postulation)"),
        Document.CONTRACT: re.compile(r"contrat"),
        Document.PAYSLIP: re.compile(r"(?:fiche|bulletin|decompte)s?[ _.-]*(?:de[ _.-]*)?(?:salaire|pai?e|paye)"),
        Document.EMPLOYER_CERTIFICATE: re.compile(r"attestation[ _.-]*(?:de[ _.-]*l[ '_.-]*)?(?:employeur|patron)"),
    }
)


def document_in(name: str) -> Document | None:
    """The document that a file is by its name; None when that says nothing, or two things."""
    words = plain(name)
    found = [document for document, pattern in _NAMED.items() if pattern.search(words)]
    return found[0] if len(found) == 1 else None
