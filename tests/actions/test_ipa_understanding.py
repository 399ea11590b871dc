"""What a message tells of a month, read from texts as people write them: `ipa_told_fr.yml`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from actions.ipa.clauses import told
from actions.ipa.papers import paper_in
from law.documents import Attachment

CASES: list[dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("ipa_told_fr.yml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=[case["text"] for case in CASES])
def test_what_happened_is_told_from_what_did_not(case: dict[str, Any]) -> None:
    found = told(case["text"])
    assert {topic.value: words for topic, words in found.yes.items()} == case.get("happened", {})
    assert sorted(topic.value for topic in found.no) == case.get("denied", [])
    assert found.is_all == case.get("nothing_else", False)


@pytest.mark.parametrize(
    ("name", "paper"),
    [
        ("Fiche_de_salaire_février.pdf", Attachment.PAYSLIP),
        ("AGI 02.pdf", Attachment.INTERMEDIATE_EARNINGS_CERTIFICATE),
        ("c'est l'attestation de gain intermédiaire", Attachment.INTERMEDIATE_EARNINGS_CERTIFICATE),
        ("contrat-apprentissage.pdf", Attachment.APPRENTICESHIP_CONTRACT),
        ("Contrat Manor.pdf", Attachment.WORK_CONTRACT),
        ("certificat médical.jpg", Attachment.MEDICAL_CERTIFICATE),
        ("facture_client.pdf", Attachment.SUPPORTING_DOCUMENTS),
        ("decompte suva.pdf", Attachment.STATEMENT),
        ("acte de naissance.pdf", Attachment.BIRTH_CERTIFICATE),
        ("IMG_2034.jpg", None),
    ],
)
def test_paper_is_known_by_its_name(name: str, paper: Attachment | None) -> None:
    assert paper_in(name) is paper
