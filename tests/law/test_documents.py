"""Which documents may be sent when."""

import pytest

from law.documents import ApplicationStatus, uploads_open


@pytest.mark.parametrize(
    ("status", "is_open"),
    [
        (ApplicationStatus.DRAFT, False),
        (ApplicationStatus.UNDER_REVIEW, True),
        (ApplicationStatus.DECIDED, False),
    ],
)
def test_documents_can_be_uploaded_only_while_the_fund_examines(status: ApplicationStatus, is_open: bool) -> None:
    assert uploads_open(status) is is_open


def test_every_status_is_covered_by_the_test_above() -> None:
    assert set(ApplicationStatus) == {"draft", "under_review", "decided"}
