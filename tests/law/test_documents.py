"""Which documents may be sent when, to whom and which way."""

from itertools import product

import pytest

from law.documents import (
    IPA_ATTACHMENTS,
    LIMITS,
    MEBIBYTE,
    ORP_TYPES,
    RECIPIENTS,
    USUAL_WAYS,
    ApplicationStatus,
    Attachment,
    Document,
    EService,
    IpaSituation,
    Recipient,
    Way,
    submission,
)
from law.facts import fact


@pytest.mark.parametrize("document", Document)
@pytest.mark.parametrize(
    ("status", "ways", "transmit_first"),
    [
        (ApplicationStatus.DRAFT, (), True),
        (ApplicationStatus.UNDER_REVIEW, (Way.MY_DOCUMENTS,), False),
        (ApplicationStatus.DECIDED, (Way.EMAIL, Way.COUNTER, Way.POST, Way.VIRTUAL_COUNTER), False),
    ],
)
def test_fund_takes_documents_by_the_status_of_the_application(
    document: Document, status: ApplicationStatus, ways: tuple[Way, ...], transmit_first: bool
) -> None:
    found = submission(document, Recipient.FUND, status)
    assert (found.ways, found.transmit_first) == (ways, transmit_first)
    assert found.uploads_open is (status is ApplicationStatus.UNDER_REVIEW)


@pytest.mark.parametrize("document", Document)
def test_fund_cannot_be_answered_for_without_the_status(document: Document) -> None:
    with pytest.raises(ValueError, match="status of the application"):
        submission(document, Recipient.FUND)


@pytest.mark.parametrize(("document", "status"), product(Document, [*ApplicationStatus, None]))
def test_orp_takes_documents_at_any_status(document: Document, status: ApplicationStatus | None) -> None:
    found = submission(document, Recipient.ORP, status)
    assert found.ways
    assert not found.transmit_first
    assert not found.also_with_ipa
    if document is Document.MEDICAL_CERTIFICATE:
        assert found.ways == (Way.INCAPACITY_SERVICE,)
    else:
        assert found.filed_as is (document if document in ORP_TYPES else Document.OTHER)


def test_orp_has_the_types_of_the_page() -> None:
    assert {
        Document.APPLICATION_FILE,
        Document.CV,
        Document.COVER_LETTER,
        Document.DIPLOMA,
        Document.WORK_CERTIFICATE,
        Document.TERMINATION_LETTER,
        Document.OTHER,
    } == ORP_TYPES


def test_what_proves_earnings_or_illness_can_go_with_the_ipa_too() -> None:
    status = ApplicationStatus.DECIDED
    with_ipa = {document for document in Document if submission(document, Recipient.FUND, status).also_with_ipa}
    assert with_ipa == {
        Document.CONTRACT,
        Document.PAYSLIP,
        Document.AGI,
        Document.MEDICAL_CERTIFICATE,
        Document.DIPLOMA,
    }


@pytest.mark.parametrize(("document", "status"), product(Document, ApplicationStatus))
def test_every_answer_rests_on_facts_that_exist(document: Document, status: ApplicationStatus) -> None:
    for recipient in Recipient:
        assert [fact(fact_id).source.id for fact_id in submission(document, recipient, status).facts]


def test_three_services_go_to_the_orp_and_two_to_the_fund() -> None:
    assert RECIPIENTS.keys() == set(EService)
    assert [service for service, recipient in RECIPIENTS.items() if recipient is Recipient.FUND] == [
        EService.IPA,
        EService.APPLICATION,
    ]


def test_limits_are_those_of_the_screens() -> None:
    limits = LIMITS[EService.DOCUMENTS]
    assert (limits.media_types, limits.max_bytes, limits.max_versions) == (("application/pdf",), 5 * MEBIBYTE, 6)
    assert [fact(fact_id).value for fact_id in limits.facts] == ["PDF", 5, 6]


@pytest.mark.parametrize(
    ("situation", "attachments"),
    [
        (IpaSituation.INTERMEDIATE_EARNINGS, ["work_contract", "payslip", "intermediate_earnings_certificate"]),
        (IpaSituation.SELF_EMPLOYMENT, ["supporting_documents", "statement", "intermediate_earnings_certificate"]),
        (IpaSituation.INCAPACITY, ["medical_certificate", "accident_form", "apg_certificate"]),
        (
            IpaSituation.MAINTENANCE,
            ["birth_certificate", "apprenticeship_contract", "training_certificate", "diploma"],
        ),
        (IpaSituation.SOCIAL_BENEFITS, ["decision", "statement"]),
    ],
)
def test_attachments_of_the_ipa(situation: IpaSituation, attachments: list[str]) -> None:
    assert list(IPA_ATTACHMENTS[situation]) == attachments


def test_every_situation_and_every_attachment_is_used() -> None:
    assert IPA_ATTACHMENTS.keys() == set(IpaSituation)
    assert {attachment for listed in IPA_ATTACHMENTS.values() for attachment in listed} == set(Attachment)


def test_usual_ways_are_four() -> None:
    assert len(set(USUAL_WAYS)) == 4
