"""Persona files: who a simulated candidate is, how it speaks and how it behaves. Data only; `graphs.candidate` acts."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from graphs.errors import LoopError
from graphs.manner import Chance, Manner
from knowledge.documents import read_document
from knowledge.errors import Problem

SHIPPED = Path(__file__).parent / "personas"
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
RubricId = Annotated[str, StringConstraints(pattern=r"^[a-z]+$")]
AnswerLevel = Literal["strong", "mixed", "weak"]
Shape = Literal["plain", "terse", "rambling", "nervous"]


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Answering(Strict):
    """What becomes of a question or follow-up: one draw decides among `nothing`, `instead` and `besides`."""

    level: AnswerLevel
    short: bool = False
    """Prefer the short variant of an authored answer, where there is one."""
    shape: Shape = "plain"
    nothing: Chance = 0.0
    """Chance of saying nothing at all."""
    instead: Chance = 0.0
    """Chance of one of `lines` in place of the answer."""
    besides: Chance = 0.0
    """Chance of one of `lines` before the answer."""
    lines: list[Text] = Field(default_factory=list)
    """Also what a rambling answer digresses with."""


class Behaviour(Strict):
    """What a candidate does besides answering. Chances count for each question."""

    greeting: list[Text] = Field(min_length=1)
    """Replies to the interviewer's greeting."""
    says_hello: Chance = 1.0
    """Otherwise it waits to be greeted once more."""
    asks_to_repeat: Chance = 0.0
    asks_for_a_minute: Chance = 0.0
    interrupts: Chance = 0.0
    answers_a_probe: Chance = 1.0
    """Otherwise it says that there is nothing to add."""
    says_it_is_done: Chance = 0.0
    """Chance of closing an answer with "that's my answer"."""
    questions: list[Text] = Field(default_factory=list)
    """The candidate's own questions, one or two of which are asked at the end of a stage."""
    questions_a_stage: int = Field(default=2, ge=0, le=4)


class Persona(Strict):
    """A simulated candidate (whoever conducts a stage is `graphs.loops.Persona`)."""

    id: Slug
    title: Text
    about: Text
    levels: dict[RubricId, Annotated[int, Field(ge=1, le=5)] | None]
    """The level this persona is written to show, by rubric; null where there is nothing to grade."""
    manner: Manner
    answering: Answering
    behaviour: Behaviour


def load_persona(persona: str | Path) -> Persona:
    """A shipped persona by name, or a persona file by path. Raises LoopError."""
    path = _find(persona)
    faults: list[Problem] = []
    document = read_document(path, Persona, faults)
    if document is None:
        raise LoopError("\n".join(map(str, faults)))
    answering = document.model.answering
    if (answering.instead or answering.besides or answering.shape == "rambling") and not answering.lines:
        fix = "add `lines`; `instead`, `besides` and `shape: rambling` need them"
        raise LoopError(str(document.problem(("answering",), "there are no `lines` to say", fix)))
    if answering.nothing + answering.instead + answering.besides > 1:
        fix = "lower `nothing`, `instead` or `besides`"
        raise LoopError(str(document.problem(("answering",), "the chances add up to more than 1", fix)))
    return document.model


def shipped_personas() -> list[str]:
    return sorted(path.stem for path in SHIPPED.glob("*.yaml"))


def _find(persona: str | Path) -> Path:
    path = Path(persona).expanduser()
    if path.suffix in (".yaml", ".yml"):
        return path
    shipped = SHIPPED / f"{persona}.yaml"
    if not shipped.is_file():
        names = ", ".join(shipped_personas())
        raise LoopError(
            f"{persona}: candidate: nobody of that name\n  fix: use one of {names}, or a .yaml file"
        )
    return shipped
