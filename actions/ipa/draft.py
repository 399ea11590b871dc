"""What is known of the IPA of a month."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from pydantic import BaseModel, ConfigDict

from actions.incapacity.draft import Announced
from actions.ipa.topics import SITUATIONS, Topic, attachments_of
from actions.sending import SendingDraft
from conversations.models import FileId
from eservices.models.common import month_of
from law.documents import Attachment
from law.periods import Month


class Away(BaseModel):
    """Days on which somebody was not available.

    Args:
        first: The first of them.
        last: The last one.
        reason: Why, where it was said.
    """

    model_config = ConfigDict(frozen=True)

    first: date
    last: date
    reason: str | None = None


class IpaDraft(SendingDraft):
    """What is known of the IPA of a month; None is not known yet.

    Args:
        period: The month, as YYYY-MM.
        goes_on: Whether the form of a month that is not over is filled in now all the same.
        waits: Whether it is left until the month is over.
        worked: Whether somebody worked for an employer; the following ones are the other topics.
        told: What was said of a topic, in the person's words; empty where they cannot say more.
        absences: The days of absence.
        new_job_from: First day of the new job.
        takes_announced: Whether the incapacity that was announced to the ORP is taken over.
        belongs: Which topic a file proves something of.
        types: What a file is, as the person says.
        named: What a file is, as its name says.
        coming: What the next file is, as the person says.
        settled: Topics for which no further file is awaited.
        following: Those of them whose papers come later.
        announced: What was announced to the ORP from here, the newest first.
        certificates: The files of it that are still kept.
        takes_certificate: Whether they are to be copied for the fund; False once that is done, or is not wanted.
        sent: The numbers of the forms that were handed in from here, by their month.
    """

    model_config = ConfigDict(extra="ignore")

    period: str | None = None
    goes_on: bool | None = None
    waits: bool = False
    worked: bool | None = None
    self_employed: bool | None = None
    incapacity: bool | None = None
    maintenance: bool | None = None
    benefits: bool | None = None
    absence: bool | None = None
    new_job: bool | None = None
    changed: bool | None = None
    told: Mapping[Topic, str] = {}
    absences: tuple[Away, ...] = ()
    new_job_from: date | None = None
    takes_announced: bool | None = None
    belongs: Mapping[FileId, Topic] = {}
    types: Mapping[FileId, Attachment] = {}
    named: Mapping[FileId, Attachment] = {}
    coming: Attachment | None = None
    settled: tuple[Topic, ...] = ()
    following: tuple[Topic, ...] = ()
    announced: tuple[Announced, ...] = ()
    certificates: tuple[FileId, ...] = ()
    takes_certificate: bool | None = None
    sent: Mapping[str, str] = {}

    @property
    def month(self) -> Month:
        """The month.

        Raises:
            ValueError: When it is not known.
        """
        if self.period is None:
            raise ValueError("the form goes on without its month")
        return month_of(self.period)

    @property
    def is_sent(self) -> bool:
        """Whether the form of this month was handed in before."""
        return self.period in self.sent

    def answer(self, topic: Topic) -> bool | None:
        """Whether it happened; None while that is not known."""
        found: bool | None = getattr(self, topic)
        return found

    @property
    def unanswered(self) -> tuple[Topic, ...]:
        return tuple(topic for topic in Topic if self.answer(topic) is None)

    @property
    def happened(self) -> tuple[Topic, ...]:
        return tuple(topic for topic in Topic if self.answer(topic))

    @property
    def proven(self) -> tuple[Topic, ...]:
        """What happened and is to be proven."""
        return tuple(topic for topic in self.happened if topic in SITUATIONS)

    @property
    def announced_then(self) -> tuple[Announced, ...]:
        """The incapacities of this month that were announced to the ORP."""
        first, last = self.month.first_day, self.month.last_day
        return tuple(one for one in self.announced if one.overlaps(first, last))

    def offers_announced(self, topic: Topic) -> bool:
        """Whether what was announced to the ORP is offered for a topic, and not answered yet."""
        return topic is Topic.INCAPACITY and bool(self.announced_then) and self.takes_announced is None

    @property
    def certificates_then(self) -> tuple[FileId, ...]:
        """The certificates of this month's incapacities that the ORP got from here and that are still kept."""
        return tuple(file for one in self.announced_then for file in one.certificates if file in self.certificates)

    def offers_certificate(self, topic: Topic) -> bool:
        """Whether a copy of what the ORP got is offered as a paper, and not answered yet."""
        is_open = topic is Topic.INCAPACITY and self.takes_certificate is None
        return is_open and bool(self.certificates_then) and not self.contents(topic)

    def lacks_certificate(self, topic: Topic) -> bool:
        """Whether the ORP got one from here that is not kept any more."""
        had = topic is Topic.INCAPACITY and any(one.certificates for one in self.announced_then)
        return had and not self.certificates_then

    def lacks_details(self, topic: Topic) -> bool:
        """Whether something has to be asked of what happened."""
        if topic is Topic.ABSENCE:
            return not self.absences
        if topic is Topic.NEW_JOB and self.new_job_from is not None:
            return False
        is_taken_over = topic is Topic.INCAPACITY and self.takes_announced and bool(self.announced_then)
        return topic not in self.told and not is_taken_over

    def lacks_files(self, topic: Topic) -> bool:
        """Whether files are still awaited for what happened."""
        given = {attachment for one, attachment in self.placed.values() if one is topic}
        return topic in SITUATIONS and topic not in self.settled and not given.issuperset(attachments_of(topic))

    @property
    def current(self) -> Topic | None:
        """The first topic of which something is missing."""
        return next((topic for topic in self.happened if self.lacks_details(topic) or self.lacks_files(topic)), None)

    @property
    def details(self) -> bool | None:
        """None when something has to be asked of what happened."""
        is_asked = self.current is not None and self.lacks_details(self.current) and not self.unclear
        return None if is_asked else True

    @property
    def pieces(self) -> bool | None:
        """None when files are awaited."""
        is_asked = self.current is not None and not self.lacks_details(self.current) and not self.unclear
        return None if is_asked else True

    @property
    def which(self) -> bool | None:
        """None when it has to be asked what a file is."""
        return None if self.unclear else True

    def topic_of(self, file: FileId) -> Topic | None:
        """Which topic a file is for; None when that is not known."""
        if (said := self.belongs.get(file)) in self.proven:
            return said
        named = self.named.get(file)
        fitting = [topic for topic in self.proven if named in attachments_of(topic)]
        if len(fitting) == 1:
            return fitting[0]
        return self.proven[0] if len(self.proven) == 1 else None

    @property
    def placed(self) -> Mapping[FileId, tuple[Topic, Attachment]]:
        """What files prove, and what they are, as far as that is known."""
        found: dict[FileId, tuple[Topic, Attachment]] = {}
        for file in self.files or ():
            topic, attachment = self.topic_of(file), self.types.get(file) or self.named.get(file)
            if topic is not None and attachment in attachments_of(topic):
                found[file] = (topic, attachment)
        return found

    @property
    def unclear(self) -> tuple[FileId, ...]:
        """Files of which it has to be asked what they are."""
        return tuple(file for file in self.files or () if file not in self.placed) if self.proven else ()

    def contents(self, topic: Topic) -> Mapping[Attachment, Sequence[FileId]]:
        """The files of each paper that proves a topic, in the order of the papers."""
        placed = self.placed
        found = {
            attachment: [file for file, place in placed.items() if place == (topic, attachment)]
            for attachment in attachments_of(topic)
        }
        return {attachment: files for attachment, files in found.items() if files}

    @property
    def left_out(self) -> int:
        """How many files do not go with it."""
        return len(self.files or ()) - len(self.placed)
