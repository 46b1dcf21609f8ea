"""What a candidate writes and draws beside talking: the code pad, the runs of its tests, and the sketch pad.

All of it comes from a page that anybody could write to: sizes and shapes are checked here, and nowhere else.
"""

from collections import Counter
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from rubrics.coderun import OutcomeStatus

Pad = Literal["code", "sketch"]
BoxKind = Literal["service", "store", "queue", "model", "client"]
MOST_CODE_CHARACTERS = 20_000
MOST_BOXES, MOST_ARROWS, MOST_TESTS = 60, 120, 60
WIDTH, HEIGHT = 1200.0, 640.0
"""Of the sketch; boxes lie inside it."""
Code = Annotated[str, StringConstraints(max_length=MOST_CODE_CHARACTERS)]
Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]{1,16}$")]
Label = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=60, pattern=r"^[^\x00-\x1f\x7f]*$")
]


class Drawn(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Box(Drawn):
    id: Id
    label: Label
    kind: BoxKind = "service"
    x: float = Field(ge=0, le=WIDTH)
    """Of its middle."""
    y: float = Field(ge=0, le=HEIGHT)


class Arrow(Drawn):
    source: Id
    target: Id
    label: Label = ""


class Sketch(Drawn):
    boxes: list[Box] = Field(default_factory=list, max_length=MOST_BOXES)
    arrows: list[Arrow] = Field(default_factory=list, max_length=MOST_ARROWS)

    @model_validator(mode="after")
    def _arrows_have_ends(self) -> Self:
        ids = {box.id for box in self.boxes}
        if len(ids) != len(self.boxes):
            raise ValueError("two boxes have the same id")
        if loose := [a for a in self.arrows if a.source not in ids or a.target not in ids]:
            raise ValueError(f"an arrow from {loose[0].source} to {loose[0].target}: one of them is no box")
        return self

    def label_of(self, box_id: str) -> str:
        """What is written on a box; `?` where nothing is."""
        return next((box.label for box in self.boxes if box.id == box_id), "") or "?"

    def degree(self) -> Counter[str]:
        """Number of arrows by box."""
        return Counter(end for arrow in self.arrows for end in (arrow.source, arrow.target))


class Verdict(Drawn):
    """What became of one visible test."""

    name: str = Field(max_length=200)
    status: OutcomeStatus
    message: str | None = Field(default=None, max_length=500)


class Run(Drawn):
    """One run of the visible tests."""

    code: Code
    """The code that was run, which may have been changed since."""
    tests: list[Verdict] = Field(max_length=MOST_TESTS)

    @property
    def failed(self) -> list[Verdict]:
        return [test for test in self.tests if test.status != "passed"]


class Board(Drawn):
    """Where the pad of one question stands."""

    code: Code = ""
    run: Run | None = None
    """The last one."""
    runs: int = 0
    sketch: Sketch | None = None

    @property
    def last_run(self) -> Run | None:
        """The last run, where the code has not been changed since."""
        return self.run if self.run and self.run.code == self.code else None


class Shown(Drawn):
    """A change on the pad of a question: what is given takes the place of what was there."""

    question: str
    """The qualified id of the question that the page had open."""
    code: Code | None = None
    run: Run | None = None
    sketch: Sketch | None = None


def changed(board: Board, shown: Shown) -> Board:
    """The board after a change. A run counts for the code that it was made of."""
    given = {name: value for name, value in shown if name != "question" and value is not None}
    if shown.run is not None:
        given["runs"] = board.runs + 1
    return board.model_copy(update=given)


def run_in_words(run: Run) -> str:
    """A line of the transcript: how many tests pass, and what became of the others."""
    passed = len(run.tests) - len(run.failed)
    lines = [f"{passed} of {len(run.tests)} tests pass."]
    lines += [f"{test.name}: {test.message or test.status}" for test in run.failed]
    return "\n".join(lines)


def sketch_in_words(sketch: Sketch) -> str:
    """The sketch as a list, for the transcript and for whoever cannot see it."""
    boxes = [f"{box.label or '?'} ({box.kind})" for box in sketch.boxes]
    arrows = [
        f"{sketch.label_of(a.source)} -> {sketch.label_of(a.target)}{f' ({a.label})' if a.label else ''}"
        for a in sketch.arrows
    ]
    return "\n".join([f"Boxes: {', '.join(boxes) or 'none'}", f"Arrows: {', '.join(arrows) or 'none'}"])
