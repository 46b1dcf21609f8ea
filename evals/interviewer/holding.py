"""Holds typed sessions with simulated candidates, and records what was said.

Now and then a candidate goes on after a sentence that sounded like the end, when the interviewer has replied already:
the words come as an amendment. Everything is decided by the seed.
"""

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

from langgraph.checkpoint.memory import InMemorySaver

from evals.errors import EvalError
from evals.interviewer.record import Line, Manner, Record
from graphs.answerbook import AnswerBook, load_answers
from graphs.candidate import SimulatedCandidate
from graphs.deps import Deps
from graphs.interview import Interview
from graphs.loops import load_loop
from graphs.manner import Spoken
from graphs.models import Utterance
from graphs.persona import Persona, load_persona, shipped_personas
from graphs.plan import Plan, make_plan
from graphs.rehearse import SILENCE_S, TalkClock
from knowledge.loader import Content

PERSONAS = Path(__file__).parent.parent / "data" / "personas"
"""Candidates who exist to try the interviewer."""
STAGES_A_SESSION = 2
MINUTES_A_SESSION = 24.0
MOST_TURNS = 150
AMENDS = 0.15
"""Chance that a longer turn comes in two parts."""
_LEAST_WORDS = 20
_APART = ("greeting", "invitation", "handover", "closing")
"""Kinds of lines that belong to no question."""

Progress = Callable[[int, int], None]


@dataclass
class _Tape:
    """Writes down what is heard, with the time at which it begins."""

    clock: TalkClock
    stage: str = ""
    question: str | None = None

    def __post_init__(self) -> None:
        self.lines: list[Line] = []

    def interviewer(self, said: Sequence[Utterance], stages: dict[str, str]) -> None:
        for utterance in said:
            self.stage = stages.get(utterance.turn, self.stage)
            self.question = None if utterance.kind in _APART else utterance.question or self.question
            self._write("interviewer", utterance.kind, utterance.text, utterance.turn)
            self.clock.listen_to(utterance)

    def candidate(self, manner: Manner, spoken: Spoken | None, turn: str) -> None:
        self._write("candidate", manner, spoken.text if spoken else "", turn)
        self.clock.talk(spoken)

    def _write(self, speaker: str, kind: str, text: str, turn: str) -> None:
        by_interviewer = speaker == "interviewer"
        self.lines.append(
            Line(
                speaker="interviewer" if by_interviewer else "candidate",
                kind=kind,
                text=text,
                stage=self.stage,
                question=self.question,
                at_s=self.clock(),
                turn=turn,
            )
        )


def find_persona(name: str) -> Persona:
    """One of the evaluator's own, a shipped one, or a file. Raises LoopError."""
    own = PERSONAS / f"{name}.yaml"
    return load_persona(own if own.is_file() else name)


def all_personas() -> list[str]:
    return sorted([*shipped_personas(), *(path.stem for path in PERSONAS.glob("*.yaml"))])


async def hold(
    deps: Deps, content: Content, personas: Sequence[str], sessions: int, seed: int, progress: Progress
) -> list[Record]:
    """So many sessions, the personas by turns, each on stages of its own."""
    if not personas:
        raise EvalError("personas: none given\n  fix: name one or more, or leave the option out")
    answers = load_answers()
    cast = [find_persona(name) for name in personas]
    records = []
    for number in range(sessions):
        progress(number, sessions)
        persona = cast[number % len(cast)]
        records.append(await _hold_one(deps, content, answers, persona, number, seed))
    progress(sessions, sessions)
    return records


async def _hold_one(
    deps: Deps, content: Content, answers: AnswerBook, persona: Persona, number: int, seed: int
) -> Record:
    clock = TalkClock()
    plan = _plan(content, number, seed)
    session = f"{number:03d}-{persona.id}"
    interview = await Interview.open(InMemorySaver(), replace(deps, clock=clock), session=session, plan=plan)
    candidate = SimulatedCandidate(persona, answers, content, plan.seed)
    tape = _Tape(clock)
    await _converse(interview, candidate, tape, Random(f"{seed}:{session}"))
    view = await interview.view()
    return Record(session, persona.id, plan, tuple(tape.lines), view)


def _plan(content: Content, number: int, seed: int) -> Plan:
    loop = load_loop("full")
    rng = Random(f"{seed}:{number}:stages")
    stages = rng.sample([stage.id for stage in loop.stages], STAGES_A_SESSION)
    return make_plan(loop, content.guide, stages=stages, minutes=MINUTES_A_SESSION, seed=seed * 1000 + number)


async def _converse(interview: Interview, candidate: SimulatedCandidate, tape: _Tape, rng: Random) -> None:
    said = await _heard(interview, interview.begin(), tape)
    for number in range(MOST_TURNS):
        view = await interview.view()
        if view.finished:
            return
        spoken, turn = candidate.reply(view, said), f"c{number}"
        if spoken is None:
            tape.candidate("silence", None, turn)
            said = await _heard(interview, interview.silence(SILENCE_S), tape)
            continue
        first, rest = _parted(spoken, rng)
        tape.candidate("words", first, turn)
        said = await _heard(interview, interview.hear(first.text, turn=turn), tape)
        if rest is not None and not (await interview.view()).finished:
            tape.candidate("more words", rest, turn)
            said = await _heard(interview, interview.amend(rest.text, turn=f"{turn}+"), tape)


async def _heard(interview: Interview, saying: AsyncIterator[Utterance], tape: _Tape) -> list[Utterance]:
    said = [utterance async for utterance in saying]
    view = await interview.view()
    tape.interviewer(said, {turn.id: turn.stage for turn in view.turns})
    return said


def _parted(spoken: Spoken, rng: Random) -> tuple[Spoken, Spoken | None]:
    """A turn as it is said, or its two parts: the first ends like a whole one."""
    ends = [place + 2 for place in range(len(spoken.text)) if spoken.text[place : place + 2] in (". ", "? ")]
    if not ends or len(spoken.text.split()) < _LEAST_WORDS or rng.random() >= AMENDS:
        return spoken, None
    cut = rng.choice(ends)
    return replace(spoken, text=spoken.text[:cut].strip()), replace(spoken, text=spoken.text[cut:])
