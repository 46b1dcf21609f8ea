"""What page and server tell each other, beside sound. JSON, one object a message; `type` says which.

The same messages go over the room's own socket and over a LiveKit data channel.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from graphs.board import Code, Pad, Shown, Sketch
from graphs.models import Problem, Speaker, TurnKind, UtteranceKind
from rubrics.coderun import OutcomeStatus

MOST_CHARACTERS = 20_000
"""Of one typed answer: more than anybody says in ten minutes."""
TurnId = Annotated[str, Field(pattern=r"^[a-z0-9-]{6,48}$")]
Doing = Literal["loading", "speaking", "listening", "thinking", "saving"]
Request = Literal["repeat", "minute", "time", "skip", "pause", "resume", "written"]


class Note(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Hello(Note):
    """The first message of a page. Its sound is numbered in frames of 20 ms; `stream` names one microphone opening."""

    type: Literal["hello"]
    stream: str = Field(pattern=r"^[a-z0-9-]{1,48}$")
    captured: int = Field(default=0, ge=0)
    """The number of the next frame that it will record: those before it that never came are on their way."""
    held: int | None = Field(default=None, ge=0)
    """The number of the first one that it still has of a sitting whose end it was not told of, if there was one."""
    microphone: bool


class Say(Note):
    """A typed answer. Told again until its turn is in the transcript; it counts once."""

    type: Literal["say"]
    turn: TurnId
    text: str = Field(min_length=1, max_length=MOST_CHARACTERS)


class Press(Note):
    """A key that stands for a few words."""

    type: Literal["press"]
    turn: TurnId
    request: Request


class Done(Note):
    """That's my answer."""

    type: Literal["done"]


class End(Note):
    """Save and leave."""

    type: Literal["end"]


class Write(Note):
    """The pad as it is now. Told again until it is kept; a later one makes an earlier one needless."""

    type: Literal["write"]
    number: int = Field(ge=0)
    shown: Shown


class RunTests(Note):
    """Run the visible tests on this code."""

    type: Literal["run"]
    question: str = Field(max_length=200)
    code: Code


FromPage = Annotated[Hello | Say | Press | Done | End | Write | RunTests, Field(discriminator="type")]
_FROM_PAGE: TypeAdapter[FromPage] = TypeAdapter(FromPage)


def read_message(text: str | bytes) -> FromPage | None:
    """None where it is none of ours."""
    try:
        return _FROM_PAGE.validate_json(text)
    except ValidationError:
        return None


class Line(Note):
    """One line of the transcript, as the page shows it."""

    turn: str
    who: Speaker
    text: str
    kind: UtteranceKind | TurnKind = "answer"


class Standing(Note):
    """Where the interview stands."""

    type: Literal["standing"] = "standing"
    stage: str | None
    """Its title."""
    stage_number: int | None
    stages: int
    interviewer: str | None
    role: str | None
    question: str | None
    elapsed_s: float
    budget_s: float
    paused: bool
    finished: bool


class Welcome(Note):
    """The answer to `hello`: everything a page needs that opens amid an interview."""

    type: Literal["welcome"] = "welcome"
    voice_rate_hz: int | None
    """None while that is not known yet: another welcome follows."""
    next_frame: int
    """The first frame of its stream that has not come yet."""
    doing: Doing
    standing: Standing | None
    transcript: list[Line]


class Spoken(Note):
    """A line of either side is final. `amends`: it joins the last line of the same side."""

    type: Literal["spoken"] = "spoken"
    line: Line
    amends: bool = False


class Hearing(Note):
    """What was understood so far of the candidate's words. Empty where nothing is to be shown."""

    type: Literal["hearing"] = "hearing"
    text: str


class Now(Note):
    type: Literal["now"] = "now"
    doing: Doing


class Clear(Note):
    """Fall silent at once: the candidate speaks."""

    type: Literal["clear"] = "clear"


class Received(Note):
    """Sound before this frame is safe; the page may forget it."""

    type: Literal["received"] = "received"
    next_frame: int


class Over(Note):
    """This sitting has ended. `finished`: the interview is complete; `saved`: it can be carried on."""

    type: Literal["over"] = "over"
    how: Literal["finished", "saved", "failed", "elsewhere"]
    why: str | None = None


class Tried(Note):
    """What became of one visible test. `got` and `expected` where its assertion compares two things."""

    name: str
    status: OutcomeStatus
    message: str | None
    got: str | None
    expected: str | None


class PadNote(Note):
    """What the candidate may write or draw on now, and what stands on it. Without `pad`: nothing."""

    type: Literal["pad"] = "pad"
    pad: Pad | None
    question: str | None
    problem: Problem | None
    code: str | None
    tests: list[Tried]
    """Of the last run, where the code has not been changed since."""
    sketch: Sketch | None


class Kept(Note):
    """What the page wrote with that number is safe; not `stored`, where its question is not open any more."""

    type: Literal["kept"] = "kept"
    number: int
    stored: bool


class Ran(Note):
    """The visible tests have been run, or could not be: `fault` then says why."""

    type: Literal["ran"] = "ran"
    question: str
    tests: list[Tried]
    fault: str | None = None


ToPage = Welcome | Standing | Spoken | Hearing | Now | Clear | Received | Over | PadNote | Kept | Ran
