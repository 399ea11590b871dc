"""What the tests of files share."""

import pytest

from casework.files import pdfs
from casework.files.limits import USUAL


@pytest.fixture(scope="session", autouse=True)
def _limits_of_qpdf() -> None:
    """What a worker sets in its own process; these tests call the decoders in theirs."""
    pdfs.set_limits(USUAL)
