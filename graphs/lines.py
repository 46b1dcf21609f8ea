"""The interviewer's hand-written lines and prompts, read from graphs/prompts, and the floor on which they are said."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from random import Random
from string import Template

import yaml

from graphs.models import UtteranceKind
from graphs.plan import PlannedStage
from graphs.state import Line, State, TurnRecord, Update, plan_of

PROMPTS = Path(__file__).parent / "prompts"


@cache
def lines() -> Mapping[str, list[str]]:
    """All phrasings by key."""
    return dict(yaml.safe_load((PROMPTS / "lines.yaml").read_text(encoding="utf-8")))


@cache
def prompt(name: str) -> Template:
    """A prompt for the language model; `$name` marks what is filled in."""
    return Template((PROMPTS / f"{name}.md").read_text(encoding="utf-8").strip())


@cache
def word_set(name: str) -> frozenset[str]:
    """A list of words.yaml."""
    return frozenset(word for line in _words()[name] for word in line.split())


@cache
def word_pattern(name: str) -> re.Pattern[str]:
    """A list of expressions of words.yaml, as one that matches any of them as whole words."""
    return re.compile(rf"\b(?:{'|'.join(_words()[name])})\b", re.IGNORECASE)


@cache
def _words() -> Mapping[str, list[str]]:
    return dict(yaml.safe_load((PROMPTS / "words.yaml").read_text(encoding="utf-8")))


def spoken_minutes(seconds: float) -> str:
    """A length of time as one says it: `half an hour`, `12 minutes`."""
    minutes = max(1, round(seconds / 60))
    if minutes == 1:
        return "a minute"
    return {30: "half an hour", 60: "an hour"}.get(minutes, f"{minutes} minutes")


def spoken_title(title: str) -> str:
    """A title inside a sentence: `Recruiter screen` becomes `recruiter screen`, `ML system design` stays."""
    return title if title[1:2].isupper() else title[:1].lower() + title[1:]


class Floor:
    """What the interviewer says in one step. Collects utterances and numbers them; `update` stores them.

    Nothing is spoken here: the `say` node speaks what was stored, so that no spoken word is missing from the state.
    """

    def __init__(self, state: State) -> None:
        self._plan = plan_of(state)
        self._stage = max(0, state["place"]["stage"])
        self._serial = state["serial"]
        self._spoken = dict(state["spoken"])
        self._turns = list(state["turns"])
        self._outbox = list(state["outbox"])

    @property
    def stage(self) -> PlannedStage:
        return self._plan.stages[self._stage]

    @property
    def serial(self) -> int:
        """The number of the last turn."""
        return self._serial

    def enter(self, stage: int) -> None:
        """What follows belongs to another stage."""
        self._stage = stage

    def line(self, key: str, **values: str) -> str:
        """The next phrasing of a key. Phrasings take turns, in an order that the plan's seed decides.

        A script says its own words, or those that fit a real conversation instead of a rehearsal.
        """
        script = self._plan.script
        if script and key in script.lines:
            return script.lines[key]
        options = list((lines().get(f"{key}_scripted") if script else None) or lines()[key])
        Random(f"{self._plan.seed}:{key}").shuffle(options)
        used = self._spoken.get(key, 0)
        self._spoken[key] = used + 1
        return options[used % len(options)].format(**values)

    def say(self, kind: UtteranceKind, text: str, question: str | None = None) -> str:
        """Put `text` into the transcript and the outbox; returns the turn's id."""
        self._serial += 1
        turn = f"i{self._serial}"
        self._turns.append(
            TurnRecord(
                id=turn,
                speaker="interviewer",
                kind=kind,
                text=text,
                stage=self.stage.id,
                question=question,
            )
        )
        self._outbox.append(Line(turn=turn, kind=kind, text=text, question=question))
        return turn

    def update(self) -> Update:
        return Update(serial=self._serial, spoken=self._spoken, turns=self._turns, outbox=self._outbox)
