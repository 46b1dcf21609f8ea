"""`report.json`, published as `report.schema.json` beside this file.

Every level carries an interval and the number of quotes under it; where nothing was graded a level is null and a
reason says why. Seconds count on the session's recording; offsets count characters of a text.
"""

from datetime import date, datetime
from typing import Literal

from agent.report.delivery_models import Delivery, Gap
from agent.report.published import CodeReport, Published
from graphs.board import Sketch

AnswerStatus = Literal["graded", "partly-graded", "not-graded", "skipped", "open"]
TranscriptQuality = Literal["clear", "fair", "poor", "typed", "unknown"]
Calibration = Literal["calibrated", "uncalibrated", "unknown"]


class Level(Published):
    """A level on the scale 1-5, with the interval in which it is believed to lie."""

    level: float
    low: float
    high: float
    word: str
    """The rubric's word for the nearest whole level, e.g. `Senior`."""
    low_word: str
    high_word: str


class RubricUsed(Published):
    id: str
    title: str
    version: str
    levels: dict[int, str]
    """What each whole level is called."""
    target: int
    """The whole level that the role asks for."""


class Quote(Published):
    """Words of the candidate: `answer[start:end] == text`."""

    text: str
    start: int
    end: int
    turn: str | None
    """The turn in which they were said."""
    at_s: float | None
    """When they begin in the recording; null where there is none."""
    volunteered: bool | None
    """Said before any probe of that question; null where that cannot be told."""


class RowResult(Published):
    """One row of a rubric, graded on one answer."""

    rubric: str
    row: str
    title: str
    level: Level | None
    reason: str | None
    quotes: list[Quote]
    anchor: str | None
    """The rubric's description of the nearest whole level."""
    next_level: int | None
    """The level to reach for next: the one above, but at least 3; null at 5 and where there is no level."""
    next_anchor: str | None
    """The description of that level."""
    role_anchor: str | None
    """The description of the level that the role asks for; null where that is reached."""
    tests: str | None = None
    """Evidence beside the quotes: how many tests the candidate's code passes; null where no code was run."""


class RubricLevel(Published):
    """One whole-answer or whole-stage level by one rubric; rubrics are never mixed into one number."""

    rubric: str
    level: Level | None
    reason: str | None
    answers: int
    """Graded answers that it rests on."""
    quotes: int
    """Different quotes that it rests on."""


class Share(Published):
    row: str
    title: str
    words: int
    share: float
    """Of all words of the answer."""


class MissedPoint(Published):
    """Something the question invited and the answer did not mention."""

    id: str
    topic_title: str
    text: str
    why: str
    similarity: float


class Points(Published):
    """Points of the topic's material that the question invited; null in an answer where this was not looked at."""

    invited: int
    covered: int
    missed: list[MissedPoint]


class Study(Published):
    """A worked outline of the same question."""

    senior: list[str]
    staff: list[str]
    above_staff: list[str]


class AnswerReport(Published):
    number: int
    id: str
    stage: str
    topic: str
    topic_title: str
    question: str
    question_text: str
    probes: list[str]
    status: AnswerStatus
    reason: str | None
    """Why it is not, or not wholly, graded."""
    mend: str | None
    """What to do about that."""
    words: int
    at_s: float | None
    """When the candidate began to answer."""
    levels: list[RubricLevel]
    rows: list[RowResult]
    shares: list[Share]
    """How the words of a story divide over its parts, by the quotes found: approximate. Empty for other answers."""
    points: Points | None
    practise: list[str]
    """Where nothing was said: one question for each row that the question can show."""
    study: Study | None
    flags: list[str]
    code: CodeReport | None = None
    sketch: Sketch | None = None
    """What was drawn on the sketch pad."""


class StageRow(RubricLevel):
    row: str
    title: str


class StageReport(Published):
    id: str
    title: str
    answers: int
    graded: int
    levels: list[RubricLevel]
    """The first one is the stage's own rubric, others belong to single rows that the stage borrows."""
    rows: list[StageRow]


class Piece(Published):
    """A part of a better answer: words that the candidate said, something to add, or both."""

    titles: list[str]
    """Rows for which it speaks."""
    quote: str | None
    at_s: float | None
    add: str | None
    """What only the candidate can fill in."""


class Move(Published):
    """The next step of one row of one answer."""

    answer: str
    number: int
    stage: str
    question_text: str
    rubric: str
    row: str
    title: str
    level: Level
    quote: Quote | None
    """The strongest thing said for that row; null where nothing was."""
    next_level: int
    next_word: str
    next_anchor: str
    role_level: int | None
    """The level that the role asks for; null where that is reached."""
    role_word: str | None
    role_anchor: str | None
    better: list[Piece]
    """The answer in the rubric's order, in the candidate's own sentences; only this row's, where told before."""
    drill: str
    practise: list[str]
    """Questions to answer aloud for this row."""


class ProbedRow(Published):
    rubric: str
    row: str
    title: str
    volunteered: int
    probed: int


class Probing(Published):
    """Quotes said before any probe, and quotes that a probe brought out."""

    volunteered: int
    probed: int
    rows: list[ProbedRow]


class TrendPoint(Published):
    """An earlier session's level of a stage, by the same version of the rubric."""

    session: str
    held: date
    stage: str
    rubric: str
    level: Level


class PlanItem(Published):
    on: date
    title: str
    minutes: int
    steps: list[str]
    command: str | None


class TranscriptTurn(Published):
    turn: str
    speaker: Literal["interviewer", "candidate"]
    kind: str
    stage: str
    text: str
    at_s: float | None
    doubtful: list[tuple[int, int]]
    """Offsets of the words that the recogniser was not sure of."""


class Audio(Published):
    """Both sides mixed into one track."""

    media_type: str
    duration_s: float
    spans: list[Gap]
    """The seconds of the recording that the track holds, one after the other."""
    sha256: str


class Header(Published):
    session: str
    title: str
    mode: Literal["spoken", "typed", "demo"]
    held: datetime
    guide: str
    role: str
    level: str
    company: str
    finished: bool
    duration_s: float
    quality: TranscriptQuality
    doubtful_share: float | None
    """Of the candidate's words, those the recogniser gave less than one half."""
    calibration: Calibration
    notice: str


class Method(Published):
    """How the report was computed."""

    soundcheck: str
    loop: str
    models: list[str]
    checks: dict[str, int]
    """Yes/no checks a row, by rubric row."""
    flags: dict[str, int]
    """What the gates before the grader saw, and in how many answers."""
    quotes: int
    quotes_refused: int
    """Stored quotes that are not, letter for letter, in the answer as it stands: left out."""
    reply_s: float | None
    """From the candidate's last sound to the interviewer's first, the median; null where nothing was spoken."""
    level_rule: str
    quality_rule: str
    coverage_rule: str | None
    sha256: dict[str, str]
    """Of the files that the report was built from."""


class Report(Published):
    schema_version: Literal["1.0"]
    made: datetime
    header: Header
    rubrics: list[RubricUsed]
    stages: list[StageReport]
    moves: list[Move]
    answers: list[AnswerReport]
    delivery: Delivery | None
    probing: Probing | None
    trend: list[TrendPoint]
    plan: list[PlanItem]
    transcript: list[TranscriptTurn]
    audio: Audio | None
    method: Method
    delete_command: str
