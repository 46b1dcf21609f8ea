"""What the interview's steps need from outside; LangGraph hands it to each node as the run's context."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import inf

from graphs.ahead import Ahead
from graphs.items import Item
from knowledge.models import CodingProblem, Guide, QuestionBank, Search, Topic
from rubrics.language import LanguageModel


@dataclass(frozen=True)
class Pads:
    """What a candidate can write and draw on where there is a screen."""

    starters: Mapping[str, str] = field(default_factory=dict)
    """The code to start from, by problem: only those that are written and tested, not those that are discussed."""
    sketched: frozenset[str] = frozenset({"ml-system-design"})
    """Stages whose questions have a sketch pad."""


@dataclass(frozen=True)
class Deps:
    """Never stored: an interview can be carried on with another model, index or clock."""

    guide: Guide
    topics: Mapping[str, Topic]
    banks: Mapping[str, QuestionBank]
    search: Search | None = None
    """None where there is no index: probes then aim at rubric rows only."""
    language: LanguageModel | None = None
    """None where there is no model: every line is then a hand-written one."""
    clock: Callable[[], float] = time.monotonic
    problems: Mapping[str, CodingProblem] = field(default_factory=dict)
    items: Mapping[str, Item] = field(default_factory=dict)
    """The questions of a script in their order, by qualified id; they take the place of all others."""
    pads: Pads | None = None
    """None where there is nothing but the voice."""
    wording_deadline_s: float = 3.0
    """How long after the candidate's last sound a follow-up that the model has not worded is asked as written."""
    reply_by_s: float = inf
    """That moment, by `clock`, for the turn under way."""
    ahead: Ahead = field(default_factory=Ahead)
    """What is known of the turn under way already."""
    whole_follow_ups: bool = False
    """Whether the model is strong enough to word whole follow-ups; a small one only chooses what they pick up."""

    @property
    def time_left_s(self) -> float | None:
        """Until the model's word comes too late; None where it may take its time."""
        return None if self.reply_by_s == inf else max(0.0, self.reply_by_s - self.clock())
