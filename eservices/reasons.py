"""Why the gateway refuses: the stable names of its problems, each with its HTTP status."""

from enum import StrEnum

PREFIX = "urn:cornavin:eservices:"


class Reason(StrEnum):
    """The last part of a problem's `type`."""

    INVALID_REQUEST = "invalid-request"
    IDEMPOTENCY_KEY_MISSING = "idempotency-key-missing"
    IDEMPOTENCY_KEY_REUSED = "idempotency-key-reused"
    UNAUTHORIZED = "unauthorized"
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not-found"
    METHOD_NOT_ALLOWED = "method-not-allowed"
    PERSON_UNKNOWN = "person-unknown"
    UNSUPPORTED_MEDIA_TYPE = "unsupported-media-type"
    TOO_LARGE = "too-large"
    TOO_MANY_REQUESTS = "too-many-requests"
    UNAVAILABLE = "unavailable"
    FAILED = "failed"

    ENROLMENT_MISMATCH = "enrolment-mismatch"
    ENROLMENT_TAKEN = "enrolment-taken"
    TOO_MANY_ATTEMPTS = "too-many-attempts"

    NO_CONTROL_PERIOD = "no-control-period"
    DATE_OUTSIDE_PERIOD = "date-outside-period"
    DATE_OUT_OF_RANGE = "date-out-of-range"
    PERIOD_CLOSED = "period-closed"
    ALREADY_TRANSMITTED = "already-transmitted"
    TRANSMISSION_NOT_OPEN = "transmission-not-open"
    NOTHING_TO_TRANSMIT = "nothing-to-transmit"
    EFFORT_TRANSMITTED = "effort-transmitted"

    NOT_A_PDF = "not-a-pdf"
    FILE_INFECTED = "file-infected"
    FILE_UNKNOWN = "file-unknown"
    TYPE_NOT_TAKEN = "type-not-taken"
    USE_INCAPACITY_SERVICE = "use-incapacity-service"
    TOO_MANY_VERSIONS = "too-many-versions"
    NO_APPLICATION = "no-application"
    TRANSMIT_FIRST = "transmit-first"
    DOCUMENTS_CLOSED = "documents-closed"
    IPA_NOT_OPEN = "ipa-not-open"

    @property
    def urn(self) -> str:
        """The problem's `type`."""
        return PREFIX + self

    @property
    def status(self) -> int:
        """HTTP status of the answer."""
        return _ABOUT[self][0]

    @property
    def meaning(self) -> str:
        """What it means, for operators."""
        return _ABOUT[self][1]


_ABOUT: dict[Reason, tuple[int, str]] = {
    Reason.INVALID_REQUEST: (422, "The request does not follow the contract"),
    Reason.IDEMPOTENCY_KEY_MISSING: (
        400,
        "A write needs the header Idempotency-Key, 16 to 128 letters, digits, - or _",
    ),
    Reason.IDEMPOTENCY_KEY_REUSED: (409, "The key was used for another request"),
    Reason.UNAUTHORIZED: (401, "The access token is missing, wrong or expired"),
    Reason.FORBIDDEN: (403, "The access token does not allow this"),
    Reason.NOT_FOUND: (404, "There is no such thing"),
    Reason.METHOD_NOT_ALLOWED: (405, "There is no such operation"),
    Reason.PERSON_UNKNOWN: (404, "No such person is enrolled"),
    Reason.UNSUPPORTED_MEDIA_TYPE: (415, "The body has another media type than the contract asks for"),
    Reason.TOO_LARGE: (413, "The body is larger than the service takes"),
    Reason.TOO_MANY_REQUESTS: (429, "Too many requests; wait as long as Retry-After says"),
    Reason.UNAVAILABLE: (503, "The service is closed for now; nothing was processed"),
    Reason.FAILED: (500, "The gateway failed; whether the request was processed is not known"),
    Reason.ENROLMENT_MISMATCH: (422, "Nobody is registered with this personal number and birth date"),
    Reason.ENROLMENT_TAKEN: (409, "The personal number or the login is bound to another one"),
    Reason.TOO_MANY_ATTEMPTS: (429, "Too many wrong birth dates for this personal number; wait as Retry-After says"),
    Reason.NO_CONTROL_PERIOD: (404, "There is no such control period; it may come to be later"),
    Reason.DATE_OUTSIDE_PERIOD: (422, "The date does not lie in the control period"),
    Reason.DATE_OUT_OF_RANGE: (422, "The date lies more than 5 days ahead"),
    Reason.PERIOD_CLOSED: (409, "The control period is closed: it lies more than six months back"),
    Reason.ALREADY_TRANSMITTED: (409, "It was transmitted, which cannot be undone or repeated"),
    Reason.TRANSMISSION_NOT_OPEN: (409, "It cannot be transmitted by hand yet"),
    Reason.NOTHING_TO_TRANSMIT: (409, "The report holds nothing that was not transmitted"),
    Reason.EFFORT_TRANSMITTED: (409, "The effort was transmitted and can only be read"),
    Reason.NOT_A_PDF: (422, "The file is no PDF"),
    Reason.FILE_INFECTED: (422, "The virus scanner found something in the file"),
    Reason.FILE_UNKNOWN: (422, "No such file is staged: it has expired, was used, or never came"),
    Reason.TYPE_NOT_TAKEN: (422, "The recipient does not take documents of this type"),
    Reason.USE_INCAPACITY_SERVICE: (
        422,
        "A medical certificate for the ORP goes with the announcement of the incapacity",
    ),
    Reason.TOO_MANY_VERSIONS: (409, "The greatest number of versions of this type is reached; delete one first"),
    Reason.NO_APPLICATION: (404, "The person has no application for benefit"),
    Reason.TRANSMIT_FIRST: (409, "The application for benefit must be transmitted before documents are taken"),
    Reason.DOCUMENTS_CLOSED: (409, "The fund has handled the case; documents go to it in the usual ways"),
    Reason.IPA_NOT_OPEN: (409, "The form of this month cannot be sent yet"),
}
