"""A simulated candidate: hears what the interviewer says and answers in the manner of its persona. Text only.

No model is called, and the same persona, seed and interview give the same words.
"""

from collections.abc import Mapping, Sequence
from random import Random
from typing import Protocol

from graphs.answerbook import AnswerBook, AuthoredAnswer
from graphs.composing import Asked, Composer
from graphs.items import Item
from graphs.manner import Manner, Spoken, with_fillers
from graphs.models import Utterance, UtteranceKind, View
from graphs.persona import Persona
from graphs.recognising import row_asked
from graphs.shaping import shaped
from graphs.small_talk import (
    ABLE,
    BACK,
    DONE,
    MINUTE,
    NO_QUESTIONS,
    NOTHING_TO_ADD,
    ONWARD,
    REPEAT,
    SKIP,
    Lines,
    Stock,
)
from knowledge.models import CodingProblem, QuestionBank, Topic

__all__ = ["Manner", "Material", "SimulatedCandidate", "Spoken"]

MOST_TRIES = 2
"""After so many turns on one question without an answer, a candidate asks to skip it."""
LONG_THOUGHT_S = (8.0, 15.0)
_STANDING: frozenset[UtteranceKind] = frozenset(["greeting", "question", "probe", "invitation"])
_PROBLEM_ROWS = ("code.correctness", "code.complexity", "code.testing", "code.communication")


class Material(Protocol):
    """What a candidate could have read up on. `knowledge.loader.Content` is one."""

    @property
    def topics(self) -> Mapping[str, Topic]: ...
    @property
    def banks(self) -> Mapping[str, QuestionBank]: ...
    @property
    def problems(self) -> Mapping[str, CodingProblem]: ...


class SimulatedCandidate:
    """Holds one interview's memory: make a new one for each. It may also take over in the middle of one."""

    def __init__(
        self,
        persona: Persona,
        answers: AnswerBook,
        content: Material,
        seed: int,
        *,
        short: bool | None = None,
        items: Mapping[str, Item] | None = None,
    ) -> None:
        """`short` overrides the persona's own wish for the short variants; `items` are a script's questions, if any."""
        self._persona = persona
        self._answers = answers
        self._content = content
        self._short = persona.answering.short if short is None else short
        self._rng = Random(f"{seed}:{persona.id}")
        self._seed = seed
        self._items = items or {}
        self._composer = Composer(answers.unseen[persona.answering.level], seed)
        self._lines = Lines(persona.answering.lines, self._rng)
        self._small_talk = Stock(self._rng)
        self._nothing_to_add = Lines(NOTHING_TO_ADD, self._rng)
        self._standing: Utterance | None = None
        """What the candidate is to react to, whatever was said about it since."""
        self._tries = 0
        self._asked_back: set[str] = set()
        self._rows_told: dict[str, set[str]] = {}
        self._own_questions: list[str] = list(persona.behaviour.questions)
        self._rng.shuffle(self._own_questions)
        self._questions_left = 0

    def reply(self, view: View, said: Sequence[Utterance]) -> Spoken | None:
        """What the candidate says to `said`; None where it says nothing."""
        if view.finished:
            return None
        if view.paused:
            return self._spoken(self._small_talk.draw(BACK))
        if said:
            self._note(said, view)
        standing = self._standing
        if standing is None:
            return self._spoken(self._small_talk.draw(ONWARD)) if said else None
        self._tries += 1
        if standing.kind == "greeting":
            return self._greet()
        if standing.kind == "invitation":
            return self._ask_back()
        return self._respond(standing, view, said)

    def _note(self, said: Sequence[Utterance], view: View) -> None:
        """Take in what now stands to be answered. After a restart it is only repeated, as no kind of its own."""
        fresh = next((u for u in reversed(said) if u.kind in _STANDING), None)
        if fresh is None and self._standing is None and view.question and view.question_text:
            last = said[-1]
            asks = view.question_text in last.text
            fresh = last.model_copy(
                update={"kind": "question" if asks else "probe", "question": view.question}
            )
        if fresh is None or (self._standing and fresh.turn == self._standing.turn):
            return
        if fresh.kind == "invitation" and (self._standing is None or self._standing.kind != "invitation"):
            self._questions_left = self._persona.behaviour.questions_a_stage
        self._standing, self._tries = fresh, 0

    def _greet(self) -> Spoken | None:
        if self._tries == 1 and self._rng.random() >= self._persona.behaviour.says_hello:
            return None
        return self._spoken(self._rng.choice(self._persona.behaviour.greeting))

    def _ask_back(self) -> Spoken:
        if self._questions_left > 0 and self._own_questions:
            self._questions_left -= 1
            return self._spoken(self._own_questions.pop())
        return self._spoken(self._small_talk.draw(NO_QUESTIONS))

    def _respond(self, standing: Utterance, view: View, said: Sequence[Utterance]) -> Spoken | None:
        """To an open question: something else first, nothing, something instead, or the answer."""
        question = standing.question or view.question or ""
        if self._tries > MOST_TRIES:
            return self._spoken(self._small_talk.draw(SKIP))
        if question in self._items and not self._items[question].rows:
            return self._spoken(self._small_talk.draw(ABLE))
        if standing.kind == "question" and (asked := self._asks_something(question)):
            return asked
        thought = question in self._asked_back and said and said[-1].kind == "acknowledgement"
        answering, draw = self._persona.answering, self._rng.random()
        if draw < answering.nothing:
            return None
        if draw < answering.nothing + answering.instead:
            return self._spoken(self._lines.next(), filled=True)
        more = standing.kind == "probe" or question in self._rows_told
        text = self._addition(standing, question) if more else self._answer(standing, question)
        text = shaped(text, answering.shape, self._rng, self._lines.next)
        if draw < answering.nothing + answering.instead + answering.besides:
            text = f"{self._lines.next()} {text}"
        if standing.kind == "question" and self._rng.random() < self._persona.behaviour.says_it_is_done:
            text = f"{text} {self._small_talk.draw(DONE)}"
        barge_in = self._rng.random() < self._persona.behaviour.interrupts
        return self._spoken(text, filled=True, thought=bool(thought), barge_in=barge_in)

    def _asks_something(self, question: str) -> Spoken | None:
        """A request to repeat the question, or for a minute; at most one of them for a question."""
        behaviour = self._persona.behaviour
        if question in self._asked_back or self._tries > 1:
            return None
        draw = self._rng.random()
        if draw >= behaviour.asks_to_repeat + behaviour.asks_for_a_minute:
            return None
        self._asked_back.add(question)
        self._tries = 0
        return self._spoken(self._small_talk.draw(REPEAT if draw < behaviour.asks_to_repeat else MINUTE))

    def _answer(self, standing: Utterance, question: str) -> str:
        self._rows_told[question] = set()
        if authored := self._authored(question):
            return authored.demo if self._short and authored.demo else authored.text
        return self._composer.answer(self._asked(question, standing.text), short=self._short)

    def _addition(self, standing: Utterance, question: str) -> str:
        """More on the row that the follow-up is after; an authored addition is given once."""
        if self._rng.random() >= self._persona.behaviour.answers_a_probe:
            return self._nothing_to_add.next()
        asked = self._asked(question, standing.text)
        told = self._rows_told.setdefault(question, set())
        row = row_asked(standing.text, asked.rows, self._follow_ups(question), sorted(told))
        authored = self._authored(question)
        if authored:
            fresh = [r for r in authored.probes if r not in told]
            row = row if row in fresh else next(iter(fresh), row)
            if row in fresh:
                told.add(row)
                return authored.probes[row]
        return self._composer.addition(asked, row)

    def _authored(self, question: str) -> AuthoredAnswer | None:
        found = self._answers.authored.get(question)
        return found.at(self._persona.answering.level, self._seed) if found else None

    def _asked(self, question: str, text: str) -> Asked:
        """The question with what the content has on it; a question from elsewhere is taken as it sounds."""
        if question in self._items:
            return Asked(question, text, self._items[question].rows, ())
        topic_id, _, own = question.partition("/")
        topic, bank = self._content.topics.get(topic_id), self._content.banks.get(topic_id)
        known = next((q for q in bank.questions if q.id == own), None) if bank else None
        if problem := self._content.problems.get(own):
            return Asked(question, text, _PROBLEM_ROWS, [(point, point) for point in problem.talking_points])
        if topic is None or known is None:
            return Asked(question, text, (), ())
        points = [(point.text, point.why) for point in topic.points if point.id in known.points]
        return Asked(question, known.text, known.rows, points, topic.terms, topic.mistakes)

    def _follow_ups(self, question: str) -> Mapping[str, Sequence[str]]:
        topic_id, _, own = question.partition("/")
        bank = self._content.banks.get(topic_id)
        return next((q.follow_ups for q in bank.questions if q.id == own), {}) if bank else {}

    def _spoken(
        self, text: str, *, filled: bool = False, thought: bool = False, barge_in: bool = False
    ) -> Spoken:
        manner = self._persona.manner
        if filled:
            text = with_fillers(text, manner, self._rng)
        think_s = self._rng.uniform(*(LONG_THOUGHT_S if thought else manner.think_s))
        return Spoken(text, manner, 0.0 if barge_in else think_s, barge_in)
