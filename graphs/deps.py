"""What the interview's steps need from outside; LangGraph hands it to each node as the run's context."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from knowledge.models import CodingProblem, Guide, QuestionBank, Search, Topic
from rubrics.language import LanguageModel


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
    wording_deadline_s: float = 6.0
    """A follow-up the model has not worded by then is asked in its hand-written form."""
    whole_follow_ups: bool = False
    """Whether the model is strong enough to word whole follow-ups; a small one only chooses what they pick up."""
