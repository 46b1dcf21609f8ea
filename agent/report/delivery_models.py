"""How something was said, as far as it can be measured: shown in `report.json`, never scored."""

from typing import Literal

from agent.report.published import Published


class Gap(Published):
    """A silence between words."""

    start_s: float
    end_s: float


class Pause(Gap):
    """A silence amid an answer."""

    amid_sentence: bool
    """The words before it leave their sentence open."""


class Pace(Published):
    """Of one stretch of an answer."""

    start_s: float
    end_s: float
    words_per_minute: float
    """Of the time spent speaking, pauses left out."""


class AnswerDelivery(Published):
    answer: str
    number: int
    seconds: float
    """From the first to the last word of each turn, added up."""
    words: int
    words_per_minute: float | None
    """Of the time spent speaking, long pauses left out; null below twenty words."""
    paces: list[Pace]
    """Over time, stretch by stretch; empty where the answer is too short for two of them."""
    pauses: list[Pause]
    """Amid the answer."""
    longest_pause_s: float
    thinking: list[Gap]
    """Silences between what the interviewer asked and the first word of the reply."""
    first_word_s: float | None
    """How long the first of those was."""
    fillers_at_least: int
    first_telling_s: float
    against_target: Literal["short", "within", "long"]
    spans: list[Gap]
    """When the candidate had the floor, one span a turn."""


class Delivery(Published):
    """Shown, never scored."""

    words_per_minute: float | None
    """The median answer's."""
    pause_s: float
    """A silence at least this long counts as a pause."""
    target_s: tuple[float, float]
    """A first telling between these lengths leaves room for follow-up questions."""
    answers: list[AnswerDelivery]
