"""A screening script: one file that says everything a candidate is told and asked, in which order, and why.

Its wording is locked: whoever conducts it says these texts and no others. An id is short inside the script (`q2`, `k1`)
and qualified by the script's outside it: `recruiter-screen-staff-ml/q2`.
"""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from knowledge.models import Fact, RowId, Slug, Text

Version = Annotated[str, StringConstraints(pattern=r"^\d+\.\d+$")]
QuestionId = Annotated[str, StringConstraints(pattern=r"^q\d+$")]
KnockoutId = Annotated[str, StringConstraints(pattern=r"^k\d+$")]
Level = Annotated[int, Field(ge=1, le=5)]


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Interviewer(Part):
    name: Text
    role: Text
    """Completes "an AI that conducts this screen for ...", e.g. `the recruiting team`."""


class JobAnalysis(Part):
    """What the questions rest on: without it nobody can show that they are about the job."""

    reference: Text
    """Where the analysis is filed, with its date."""
    tasks: list[Text] = Field(min_length=1)


class Consent(Part):
    """Said before anything is asked. A refusal costs the candidate nothing: a person takes over."""

    disclosure: Text
    """That this is an AI, what is recorded, how it is graded, who decides, and for how long it is kept."""
    ask: Text
    refused: Text
    """What someone who refuses is told; names `human_contact`."""
    human_contact: Text


class Accommodations(Part):
    """What anybody may have without giving a reason."""

    offer: Text
    extra_time_percent: int = Field(default=50, ge=0, le=200)
    typed_answers: bool = True
    repeats_without_limit: bool = True


class Knockout(Part):
    """A question of eligibility. The answer is recorded for a person; it is never scored and never rejects anybody."""

    id: KnockoutId
    text: Text
    eligible_if: Text
    """What answer lets a candidate go on, for the person who decides."""
    basis: Text
    """Why the job cannot be done without it."""


class Competency(Part):
    id: Slug
    title: Text
    job_task: Text
    """The task of the job analysis that calls for it."""
    evidence: Text
    """What in an answer counts, in words a reviewer can apply."""
    rows: list[RowId] = Field(min_length=1)
    """Rubric rows that measure it."""


class Question(Part):
    id: QuestionId
    competency: Slug
    text: Text
    minutes: float = Field(gt=0, le=30)
    """For the answer with its probes."""
    probes: list[Text] = Field(default_factory=list, max_length=2)
    """Said as written and in this order, each where the answer so far shows nothing for the competency's rows."""
    anchors: dict[Level, Text]
    """What answers at a level look like, for the reviewer: at least 1, 3 and 5."""


class CandidateQuestions(Part):
    """The candidate's own questions. Nothing is said that is not in the facts."""

    invite: Text
    minutes: float = Field(ge=0, le=30)
    facts: Text
    """The file with what may be told, relative to the script: a list of `id`, `ask`, `answer`."""
    unknown: Text
    """Said where the facts have nothing: that the question is passed on."""


class InsufficientEvidence(Part):
    """When no recommendation may rest on the conversation."""

    answered_at_least: int = Field(ge=1)
    """Core questions with an answer; with fewer, the outcome is that a person asks again."""
    then: Text


class Decision(Part):
    """Who decides. The program only ever shows evidence."""

    by: Text
    reason_required: bool = True


class Script(Part):
    id: Slug
    version: Version
    title: Text
    role: Text
    company: Text
    purpose: Text
    job_analysis: JobAnalysis
    minutes: float = Field(gt=0, le=120)
    """Everything together, as the candidate is told."""
    interviewer: Interviewer
    consent: Consent
    accommodations: Accommodations
    knockouts: list[Knockout] = Field(default_factory=list, max_length=6)
    competencies: list[Competency] = Field(min_length=1, max_length=8)
    questions: list[Question] = Field(min_length=1, max_length=12)
    not_scored: list[Text] = Field(min_length=1)
    candidate_questions: CandidateQuestions
    closing: Text
    insufficient_evidence: InsufficientEvidence
    retention_days: int = Field(ge=1, le=730)
    decision: Decision

    def competency(self, question: Question) -> Competency:
        """Raises StopIteration where the script was not checked by its loader."""
        return next(each for each in self.competencies if each.id == question.competency)


class Facts(Part):
    """A file of facts."""

    facts: list[Fact] = Field(default_factory=list)
