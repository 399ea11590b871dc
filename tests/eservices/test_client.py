"""Every operation of the client against the sandbox, and every refusal."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import httpx
import pytest
from fastapi import FastAPI

from base import clock
from eservices.client import EServices
from eservices.errors import AccessDenied, Refused
from eservices.models import (
    Absence,
    Actor,
    ApplicationContent,
    DocumentToSend,
    EnrolmentCheck,
    IncapacityAnnouncement,
    IpaAttachment,
    IpaForm,
    IpaSituationGiven,
    IpaStatus,
    Operation,
    PeriodType,
    Progress,
    ReportStatus,
)
from eservices.reasons import Reason
from eservices.sandbox import people
from eservices.sandbox.people import A_PDF, example_effort
from law.documents import ApplicationStatus, Attachment, Document, IpaSituation, Recipient, Way
from tests.eservices.conftest import NewKey, connected

CAMILLE, AMADOU, LEA, MARCO, YANNICK, FATIMA, JONAS, ELODIE, PAUL = (
    people.person_id(index) for index in (1, 2, 3, 4, 6, 7, 8, 9, 12)
)
MARCH, DAY = "2026-03", date(2026, 3, 10)
CONTENT = ApplicationContent(claims_from=date(2026, 1, 5), iban="CH9300762011623852957")


def refused(caught: pytest.ExceptionInfo[Refused]) -> tuple[Reason | None, str | None]:
    """Why, and what is wrong."""
    return caught.value.reason, caught.value.field


def the_time_is(text: str) -> None:
    clock.freeze(clock.parse(text))


async def staged(eservices: EServices, person: str, new_key: NewKey) -> str:
    return (await eservices.stage_file(person, A_PDF, new_key())).file_id


# Persons


async def test_the_number_and_the_birth_date_tell_who_someone_is(eservices: EServices, new_key: NewKey) -> None:
    check = EnrolmentCheck(personal_number=people.personal_number(3), birth_date=people.PEOPLE[2].birth_date)
    enrolment = await eservices.check_enrolment(check, new_key())
    assert (enrolment.person.person_id, enrolment.person.given_name) == (LEA, "Léa")
    assert enrolment.receipt.received_at == clock.now()
    assert await eservices.person(LEA) == enrolment.person


async def test_a_wrong_date_and_an_unknown_number_are_refused_alike(eservices: EServices, new_key: NewKey) -> None:
    for number in (people.personal_number(3), "99999999"):
        with pytest.raises(Refused) as caught:
            await eservices.check_enrolment(
                EnrolmentCheck(personal_number=number, birth_date=date(1970, 1, 1)), new_key()
            )
        assert refused(caught) == (Reason.ENROLMENT_MISMATCH, "/personal_number")


async def test_birth_dates_cannot_be_guessed(eservices: EServices, new_key: NewKey) -> None:
    right = EnrolmentCheck(personal_number=people.personal_number(3), birth_date=people.PEOPLE[2].birth_date)
    for day in range(5):
        wrong = EnrolmentCheck(personal_number=right.personal_number, birth_date=date(1970, 1, 1 + day))
        with pytest.raises(Refused):
            await eservices.check_enrolment(wrong, new_key())
    with pytest.raises(Refused) as caught:
        await eservices.check_enrolment(right, new_key())
    assert refused(caught)[0] is Reason.TOO_MANY_ATTEMPTS
    clock.freeze(clock.now() + timedelta(minutes=61))
    assert (await eservices.check_enrolment(right, new_key())).person.person_id == LEA


async def test_a_number_belongs_to_one_login(eservices: EServices, new_key: NewKey) -> None:
    def check(subject: str) -> EnrolmentCheck:
        born = people.PEOPLE[2].birth_date
        return EnrolmentCheck(personal_number=people.personal_number(3), birth_date=born, subject=subject)

    await eservices.check_enrolment(check("sub-a"), new_key())
    await eservices.check_enrolment(check("sub-a"), new_key())
    with pytest.raises(Refused) as caught:
        await eservices.check_enrolment(check("sub-b"), new_key())
    assert refused(caught) == (Reason.ENROLMENT_TAKEN, "/subject")


async def test_a_login_belongs_to_one_number(eservices: EServices, new_key: NewKey) -> None:
    def check(index: int) -> EnrolmentCheck:
        born = people.PEOPLE[index - 1].birth_date
        return EnrolmentCheck(personal_number=people.personal_number(index), birth_date=born, subject="sub-a")

    await eservices.check_enrolment(check(3), new_key())
    with pytest.raises(Refused) as caught:
        await eservices.check_enrolment(check(4), new_key())
    assert refused(caught) == (Reason.ENROLMENT_TAKEN, "/subject")


async def test_a_stranger_is_not_known(eservices: EServices) -> None:
    with pytest.raises(Refused) as caught:
        await eservices.person("p-99999999")
    assert refused(caught)[0] is Reason.PERSON_UNKNOWN


# Job searches


async def test_a_search_is_entered_changed_taken_out_and_nothing_is_transmitted(
    eservices: EServices, new_key: NewKey
) -> None:
    saved = await eservices.add_effort(CAMILLE, MARCH, example_effort(DAY), new_key())
    assert saved.receipt.operation is Operation.ADD_EFFORT
    assert saved.receipt.recipient is None
    changed = await eservices.change_effort(CAMILLE, MARCH, saved.effort_id, example_effort(DAY, "Autre SA"), new_key())
    assert [one.effort.company.name for one in changed.report.efforts] == ["Autre SA"]
    assert changed.report.status is ReportStatus.OPEN
    assert changed.report.next_submission_on == date(2026, 4, 5)
    removed = await eservices.remove_effort(CAMILLE, MARCH, saved.effort_id, new_key())
    assert removed.report.efforts == []
    assert removed.report.next_submission_on is None
    with pytest.raises(Refused) as caught:
        await eservices.remove_effort(CAMILLE, MARCH, saved.effort_id, new_key())
    assert refused(caught)[0] is Reason.NOT_FOUND


@pytest.mark.parametrize(
    ("period", "day", "reason"),
    [
        ("2026-03", date(2026, 2, 28), Reason.DATE_OUTSIDE_PERIOD),
        ("2026-03", date(2026, 3, 17), Reason.DATE_OUT_OF_RANGE),
        ("2026-05", date(2026, 5, 1), Reason.NO_CONTROL_PERIOD),
        ("2025-07", date(2025, 7, 31), Reason.PERIOD_CLOSED),
        ("2026-02", date(2026, 2, 27), Reason.ALREADY_TRANSMITTED),
    ],
)
async def test_a_search_is_refused(
    eservices: EServices, new_key: NewKey, period: str, day: date, reason: Reason
) -> None:
    person = {Reason.PERIOD_CLOSED: PAUL, Reason.ALREADY_TRANSMITTED: FATIMA}.get(reason, CAMILLE)
    with pytest.raises(Refused) as caught:
        await eservices.add_effort(person, period, example_effort(day), new_key())
    assert caught.value.reason is reason
    assert caught.value.status == reason.status


async def test_a_search_can_be_dated_five_days_ahead_and_six_months_back(eservices: EServices, new_key: NewKey) -> None:
    for period, day in ((MARCH, date(2026, 3, 16)), ("2025-09", date(2025, 9, 1))):
        await eservices.add_effort(PAUL, period, example_effort(day), new_key())


async def test_months_before_the_registration_have_a_report(eservices: EServices) -> None:
    reports = (await eservices.reports(CAMILLE)).items
    assert [one.period for one in reports] == ["2026-03", "2026-02", "2026-01", "2025-12", "2025-11", "2025-10"]
    assert [one.type for one in reports[2:4]] == [PeriodType.DURING_UNEMPLOYMENT, PeriodType.BEFORE_UNEMPLOYMENT]


async def test_a_report_is_transmitted_once_and_then_only_read(eservices: EServices, new_key: NewKey) -> None:
    the_time_is("2026-03-26T08:00:00")
    saved = await eservices.add_effort(CAMILLE, MARCH, example_effort(DAY), new_key())
    report = await eservices.transmit_report(CAMILLE, MARCH, new_key())
    assert report.status is ReportStatus.SUBMITTED
    assert report.receipt is not None
    assert (report.receipt.recipient, report.receipt.received_at) == (Recipient.ORP, clock.now())
    assert report.efforts[0].submitted_at == clock.now()
    with pytest.raises(Refused) as caught:
        await eservices.transmit_report(CAMILLE, MARCH, new_key())
    assert refused(caught)[0] is Reason.ALREADY_TRANSMITTED
    with pytest.raises(Refused) as caught:
        await eservices.change_effort(CAMILLE, MARCH, saved.effort_id, example_effort(DAY), new_key())
    assert refused(caught)[0] is Reason.EFFORT_TRANSMITTED


@pytest.mark.parametrize(
    ("period", "too_early", "opens"),
    [
        ("2026-03", "2026-03-25T23:59:00", "2026-03-26T00:00:00"),
        ("2026-12", "2026-12-18T12:00:00", "2026-12-19T00:00:00"),
    ],
)
async def test_transmission_by_hand_opens_five_days_before_the_end_of_the_month_twelve_in_december(
    eservices: EServices, new_key: NewKey, period: str, too_early: str, opens: str
) -> None:
    the_time_is(too_early)
    await eservices.add_effort(CAMILLE, period, example_effort(date.fromisoformat(f"{period}-10")), new_key())
    with pytest.raises(Refused) as caught:
        await eservices.transmit_report(CAMILLE, period, new_key())
    assert refused(caught)[0] is Reason.TRANSMISSION_NOT_OPEN
    the_time_is(opens)
    assert (await eservices.transmit_report(CAMILLE, period, new_key())).status is ReportStatus.SUBMITTED


async def test_an_empty_report_is_not_transmitted(eservices: EServices, new_key: NewKey) -> None:
    the_time_is("2026-03-30T08:00:00")
    with pytest.raises(Refused) as caught:
        await eservices.transmit_report(CAMILLE, MARCH, new_key())
    assert refused(caught)[0] is Reason.NOTHING_TO_TRANSMIT


async def test_what_was_not_transmitted_goes_on_the_5th_by_itself(eservices: EServices, new_key: NewKey) -> None:
    await eservices.add_effort(CAMILLE, MARCH, example_effort(DAY), new_key())
    the_time_is("2026-04-05T23:00:00")
    assert (await eservices.report(CAMILLE, MARCH)).status is ReportStatus.OPEN
    the_time_is("2026-04-08T09:00:00")
    report = await eservices.report(CAMILLE, MARCH)
    assert report.status is ReportStatus.SUBMITTED
    assert report.receipt is not None
    assert report.receipt.received_at == datetime(2026, 4, 5, 23, 59, 59, tzinfo=clock.ZONE)
    assert Actor.GATEWAY in {one.actor for one in (await eservices.access_log(CAMILLE)).items}


async def test_a_search_for_an_empty_month_past_goes_on_the_next_5th(eservices: EServices, new_key: NewKey) -> None:
    the_time_is("2026-04-12T09:00:00")
    saved = await eservices.add_effort(CAMILLE, MARCH, example_effort(DAY), new_key())
    assert saved.report.status is ReportStatus.OPEN
    assert saved.report.next_submission_on == date(2026, 5, 5)


async def test_a_reopened_report_keeps_what_was_transmitted_and_takes_more(
    eservices: EServices, new_key: NewKey
) -> None:
    before = await eservices.report(JONAS, "2026-02")
    assert before.status is ReportStatus.RE_OPENED
    with pytest.raises(Refused) as caught:
        await eservices.remove_effort(JONAS, "2026-02", before.efforts[0].effort_id, new_key())
    assert refused(caught)[0] is Reason.EFFORT_TRANSMITTED
    await eservices.add_effort(JONAS, "2026-02", example_effort(date(2026, 2, 20)), new_key())
    after = await eservices.transmit_report(JONAS, "2026-02", new_key())
    assert after.status is ReportStatus.SUBMITTED
    assert len(after.efforts) == 3


# Files, documents, incapacity


async def test_a_document_goes_to_the_orp_and_can_be_deleted(eservices: EServices, new_key: NewKey) -> None:
    file_id = await staged(eservices, CAMILLE, new_key)
    document = DocumentToSend(type=Document.CV, recipient=Recipient.ORP, file_id=file_id, name="cv.pdf")
    sent = await eservices.send_document(CAMILLE, document, new_key())
    assert (sent.document.version, sent.document.size, sent.receipt.recipient) == (1, len(A_PDF), Recipient.ORP)
    assert (await eservices.documents(CAMILLE)).items == [sent.document]
    with pytest.raises(Refused) as caught:
        await eservices.send_document(CAMILLE, document, new_key())
    assert refused(caught) == (Reason.FILE_UNKNOWN, "/file_id")
    await eservices.delete_document(CAMILLE, sent.document.document_id, new_key())
    assert (await eservices.documents(CAMILLE)).items == []
    with pytest.raises(Refused) as caught:
        await eservices.delete_document(CAMILLE, sent.document.document_id, new_key())
    assert refused(caught)[0] is Reason.NOT_FOUND


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"GIF89a", Reason.NOT_A_PDF),
        (b"", Reason.NOT_A_PDF),
        (A_PDF[:-8], Reason.NOT_A_PDF),
        (A_PDF + b"X5O!P%@AP$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!%%EOF", Reason.FILE_INFECTED),
        (A_PDF.ljust(5 * 1024 * 1024 + 1, b"\n"), Reason.TOO_LARGE),
    ],
)
async def test_a_file_is_refused(eservices: EServices, new_key: NewKey, content: bytes, reason: Reason) -> None:
    with pytest.raises(Refused) as caught:
        await eservices.stage_file(CAMILLE, content, new_key())
    assert caught.value.reason is reason


async def test_a_file_of_five_mebibytes_is_taken(eservices: EServices, new_key: NewKey) -> None:
    largest = A_PDF.replace(b"%%EOF", b"\n" * (5 * 1024 * 1024 - len(A_PDF)) + b"%%EOF")
    assert (await eservices.stage_file(CAMILLE, largest, new_key())).size == 5 * 1024 * 1024


async def test_a_staged_file_is_held_for_a_day_and_for_its_owner(eservices: EServices, new_key: NewKey) -> None:
    file_id = await staged(eservices, CAMILLE, new_key)
    announcement = IncapacityAnnouncement(start_date=DAY, certificates=[file_id])
    with pytest.raises(Refused) as caught:
        await eservices.announce_incapacity(LEA, announcement, new_key())
    assert refused(caught) == (Reason.FILE_UNKNOWN, "/certificates/0")
    clock.freeze(clock.now() + timedelta(hours=25))
    with pytest.raises(Refused) as caught:
        await eservices.announce_incapacity(CAMILLE, announcement, new_key())
    assert refused(caught) == (Reason.FILE_UNKNOWN, "/certificates/0")


async def test_an_incapacity_is_announced_with_its_certificate(eservices: EServices, new_key: NewKey) -> None:
    announcement = IncapacityAnnouncement(
        start_date=DAY, certificates=[await staged(eservices, CAMILLE, new_key)], degree=50, end_date=DAY
    )
    sent = await eservices.announce_incapacity(CAMILLE, announcement, new_key())
    assert (sent.receipt.operation, sent.receipt.recipient) == (Operation.ANNOUNCE_INCAPACITY, Recipient.ORP)


@pytest.mark.parametrize(
    ("person", "kind", "recipient", "reason"),
    [
        (CAMILLE, Document.MEDICAL_CERTIFICATE, Recipient.ORP, Reason.USE_INCAPACITY_SERVICE),
        (CAMILLE, Document.PAYSLIP, Recipient.ORP, Reason.TYPE_NOT_TAKEN),
        (ELODIE, Document.CV, Recipient.ORP, Reason.TOO_MANY_VERSIONS),
        (CAMILLE, Document.PAYSLIP, Recipient.FUND, Reason.NO_APPLICATION),
        (AMADOU, Document.PAYSLIP, Recipient.FUND, Reason.TRANSMIT_FIRST),
        (MARCO, Document.PAYSLIP, Recipient.FUND, Reason.DOCUMENTS_CLOSED),
    ],
)
async def test_a_document_is_refused(
    eservices: EServices, new_key: NewKey, person: str, kind: Document, recipient: Recipient, reason: Reason
) -> None:
    file_id = await staged(eservices, person, new_key)
    with pytest.raises(Refused) as caught:
        await eservices.send_document(
            person, DocumentToSend(type=kind, recipient=recipient, file_id=file_id, name="a.pdf"), new_key()
        )
    assert caught.value.reason is reason


async def test_the_fund_takes_every_type_while_the_application_is_under_review(
    eservices: EServices, new_key: NewKey
) -> None:
    for kind in Document:
        file_id = await staged(eservices, LEA, new_key)
        document = DocumentToSend(type=kind, recipient=Recipient.FUND, file_id=file_id, name="a.pdf")
        assert (await eservices.send_document(LEA, document, new_key())).receipt.recipient is Recipient.FUND


# The fund


async def test_the_ipa_form_is_sent_once_with_its_attachments(eservices: EServices, new_key: NewKey) -> None:
    the_time_is("2026-03-24T08:00:00")
    payslip = IpaAttachment(type=Attachment.PAYSLIP, file_id=await staged(eservices, LEA, new_key))
    form = IpaForm(
        situations=[IpaSituationGiven(situation=IpaSituation.INTERMEDIATE_EARNINGS, attachments=[payslip])],
        absences=[Absence(first_day=DAY, last_day=DAY)],
    )
    sent = await eservices.send_ipa(LEA, MARCH, form, new_key())
    assert (sent.ipa.status, sent.receipt.recipient) == (IpaStatus.SENT, Recipient.FUND)
    assert sent.ipa.benefits_lapse_on == date(2026, 6, 30)
    with pytest.raises(Refused) as caught:
        await eservices.send_ipa(LEA, MARCH, IpaForm(situations=[]), new_key())
    assert refused(caught)[0] is Reason.ALREADY_TRANSMITTED


async def test_the_ipa_form_opens_on_the_funds_day(eservices: EServices, new_key: NewKey) -> None:
    the_time_is("2026-03-24T08:00:00")
    ines = people.person_id(5)
    state = await eservices.ipa(ines, MARCH)
    assert (state.status, state.opens_on) == (IpaStatus.NOT_YET_OPEN, date(2026, 3, 25))
    with pytest.raises(Refused) as caught:
        await eservices.send_ipa(ines, MARCH, IpaForm(situations=[]), new_key())
    assert refused(caught)[0] is Reason.IPA_NOT_OPEN
    with pytest.raises(Refused) as caught:
        await eservices.ipa(ines, "2025-10")
    assert refused(caught)[0] is Reason.NO_CONTROL_PERIOD


async def test_an_application_is_written_transmitted_once_and_opens_the_documents(
    eservices: EServices, new_key: NewKey
) -> None:
    with pytest.raises(Refused) as caught:
        await eservices.application(CAMILLE)
    assert refused(caught)[0] is Reason.NO_APPLICATION
    file_id = await staged(eservices, CAMILLE, new_key)
    content = CONTENT.model_copy(update={"attachments": [file_id]})
    saved = await eservices.save_application(CAMILLE, content, new_key())
    assert saved.application.status is ApplicationStatus.DRAFT
    assert saved.application.documents.transmit_first
    clock.freeze(clock.now() + timedelta(days=20))  # what a saved application names is held with it
    sent = await eservices.transmit_application(CAMILLE, new_key())
    assert sent.application.status is ApplicationStatus.UNDER_REVIEW
    assert sent.application.documents.open
    assert sent.application.receipt == sent.receipt
    for again in (
        eservices.transmit_application(CAMILLE, new_key()),
        eservices.save_application(CAMILLE, CONTENT, new_key()),
    ):
        with pytest.raises(Refused) as caught:
            await again
        assert refused(caught)[0] is Reason.ALREADY_TRANSMITTED


async def test_each_status_has_its_document_rule(eservices: EServices) -> None:
    rules = {person: (await eservices.application(person)).documents for person in (AMADOU, LEA, MARCO)}
    assert [(rule.open, rule.transmit_first, rule.ways) for rule in rules.values()] == [
        (False, True, []),
        (True, False, [Way.MY_DOCUMENTS]),
        (False, False, [Way.EMAIL, Way.COUNTER, Way.POST, Way.VIRTUAL_COUNTER]),
    ]


async def test_the_page_moves_an_application_on(eservices: EServices, web: httpx.AsyncClient) -> None:
    await web.post(f"/sandbox/persons/{LEA}/application")
    assert (await eservices.application(LEA)).status is ApplicationStatus.DECIDED


# Submissions and accesses


async def test_every_write_can_be_looked_up(eservices: EServices, new_key: NewKey, web: httpx.AsyncClient) -> None:
    file = await eservices.stage_file(CAMILLE, A_PDF, new_key())
    announcement = IncapacityAnnouncement(start_date=DAY, certificates=[file.file_id])
    sent = await eservices.announce_incapacity(CAMILLE, announcement, new_key())
    listed = (await eservices.submissions(CAMILLE)).items
    assert [(one.receipt, one.progress) for one in listed] == [
        (sent.receipt, Progress.RECEIVED),
        (file.receipt, Progress.RECORDED),
    ]
    await web.post(f"/sandbox/persons/{CAMILLE}/submissions/{sent.receipt.number}/processing")
    assert (await eservices.submission(CAMILLE, sent.receipt.number)).progress is Progress.PROCESSED
    with pytest.raises(Refused) as caught:
        await eservices.submission(LEA, sent.receipt.number)
    assert refused(caught)[0] is Reason.NOT_FOUND


async def test_the_log_tells_who_looked_and_who_was_refused(eservices: EServices) -> None:
    await eservices.documents(CAMILLE)
    with pytest.raises(Refused):
        await eservices.application(CAMILLE)
    log = (await eservices.access_log(CAMILLE)).items
    assert [(one.operation, one.status, one.client_id) for one in log] == [
        ("get_application", 404, "client"),
        ("list_documents", 200, "client"),
    ]


async def test_the_log_tells_of_calls_that_were_wrong(eservices: EServices) -> None:
    for call in (eservices.report(CAMILLE, "2026-13"), eservices.transmit_application(CAMILLE, "short")):
        with pytest.raises(Refused):
            await call
    log = (await eservices.access_log(CAMILLE)).items
    assert [(one.operation, one.status) for one in log] == [("transmit_application", 400), ("get_report", 422)]


async def test_wrong_credentials_are_the_operators_to_mend(sandbox: FastAPI) -> None:
    async with connected(sandbox, secret="wrong") as eservices:
        with pytest.raises(AccessDenied, match="CORNAVIN_ESERVICES_CLIENT_SECRET"):
            await eservices.person(CAMILLE)
