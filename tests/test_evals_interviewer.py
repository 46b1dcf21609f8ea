"""The evaluator's rules: a sound talk passes all of them, and each is broken by a talk made for it."""

import json
from collections.abc import Callable, Sequence

import pytest
from typer.testing import CliRunner

from agent.cli import app
from evals.errors import EvalError
from evals.interviewer.checks import Report, judge, markdown
from evals.interviewer.holding import all_personas, hold
from evals.interviewer.record import Line, Record, World
from evals.interviewer.world import world_of
from graphs.deps import Deps
from graphs.errors import LoopError
from graphs.loops import Persona
from graphs.models import Answer, Turn, View
from graphs.plan import Plan, PlannedStage
from knowledge.loader import Content
from rubrics.loader import shipped_rubrics

STAGE, QUESTION, OTHER = "domain-depth", "cold-start/q1", "cold-start/q2"
BUDGET_S = 900.0
OWNERSHIP_ONLY = (
    "I built it and I owned it end to end. I defined success and I set the target. It went across four teams, and "
    "nobody had owned it before, so I brought the strategy to the board."
)
OUTCOME = (
    "We dropped popularity. The shows that we cared for had no plays at all in their first days, and so nothing that "
    "counts plays could find them among the others."
)
PROBE_OWNERSHIP = "If several teams each own a fragment of this, how do you decide who solves what?"
PROBE_DEPTH = "Which approach did you rule out for that first part, and what made it worse?"


@pytest.fixture(scope="module")
def world(content: Content) -> World:
    return world_of(content, shipped_rubrics())


def i(kind: str, text: str, question: str | None = None, at_s: float = 0.0) -> Line:
    return Line("interviewer", kind, text, STAGE, question, at_s)


def c(text: str, question: str | None = None, kind: str = "words") -> Line:
    return Line("candidate", kind, text, STAGE, question, 0.0)


GREETING = i("greeting", "Hello, I'm Jules. I'm an AI, and this is practice. Shall we begin?")
YES = c("Yes, let's start.")
CLOSING = i("closing", "That was everything from me. Goodbye.")


def first(world: World) -> Line:
    return i("question", world.questions[QUESTION].text, QUESTION)


def sound(world: World) -> list[Line]:
    """A talk in which everything is as it should be."""
    question = first(world)
    return [
        GREETING,
        YES,
        i("acknowledgement", "Let's start."),
        question,
        c("Sorry, could you repeat the question?", QUESTION),
        i("repeat", f"Of course. {question.text}", QUESTION),
        c(OWNERSHIP_ONLY, QUESTION),
        i("probe", f"You mentioned the board. {PROBE_DEPTH}", QUESTION),
        c(OUTCOME, QUESTION),
        i("acknowledgement", "Thank you. Let's move on."),
        i("question", world.questions[OTHER].text, OTHER),
        c("How am I doing?", OTHER),
        i("reply", "I won't comment on answers while we talk. The report covers that.", OTHER),
        c("Let's skip this one, please.", OTHER),
        i("invitation", "What would you like to ask me?"),
        c("How large is the team?"),
        i("reply", "I don't know that. I would pass it on to the team."),
        i("invitation", "Any other question?"),
        c("No, that's all from my side."),
        CLOSING,
    ]


def record(lines: Sequence[Line], *, finished: bool = True, stored: Sequence[Turn] | None = None) -> Record:
    """The talk as a session; its transcript holds what the candidate said unless `stored` says otherwise."""
    numbered = [
        Line(**{**line.__dict__, "turn": line.turn or f"t{n}", "at_s": line.at_s or 10.0 * n})
        for n, line in enumerate(lines)
    ]
    turns = [
        Turn(id=line.turn, speaker=line.speaker, kind="other", text=line.text, stage=STAGE)
        for line in numbered
    ]
    asked = dict.fromkeys(line.question for line in numbered if line.question)
    answers = [
        Answer(
            id=name,
            stage=STAGE,
            topic="cold-start",
            question=name,
            question_text="",
            rows=[],
            points=[],
            parts=[],
            text="\n".join(n.text for n in numbered if n.speaker == "candidate" and n.question == name),
            complete=True,
        )
        for name in asked
    ]
    stage = PlannedStage(
        id=STAGE,
        title="Domain depth",
        budget_s=BUDGET_S,
        interviewer=Persona(name="Jules", role="an engineer", manner="Calm."),
        topics=["cold-start"],
        patience_s=1.2,
        rubrics=["staff"],
        questions=2,
    )
    view = View(
        session="s",
        loop="full",
        stages=[STAGE],
        stage=None,
        question=None,
        question_text=None,
        turns=turns if stored is None else list(stored),
        answers=answers,
        paused=False,
        finished=finished,
        elapsed_s=60.0,
        budget_s=BUDGET_S,
        patience_s=1.2,
    )
    return Record("s", "made-up", Plan(loop="full", guide="g", seed=0, stages=[stage]), tuple(numbered), view)


def broken(report: Report) -> set[str]:
    return {offence.check for offence in report.offences}


def judged(talk: Record, world: World) -> Report:
    return judge([talk], world, seed=0, model=None)


def test_a_sound_talk_gives_every_check_an_occasion_and_passes_all(world: World) -> None:
    report = judged(record(sound(world)), world)
    assert report.offences == []
    assert report.passed
    assert [result.id for result in report.results if result.occasions == 0] == []


BAD_LINES: dict[str, list[tuple[int, Line | Callable[[World], Line]]]] = {
    "discloses": [(0, i("greeting", "Hello, I'm Jules, and I'll be your interviewer. Shall we begin?"))],
    "one-question": [(7, i("probe", "What did it cost? And what did it bring?", QUESTION))],
    "brief": [
        (7, i("probe", "You mentioned the board " + "and the people on it " * 8 + ", so why?", QUESTION))
    ],
    "no-judgement": [
        (9, i("acknowledgement", "Great answer, thank you.")),
        (9, i("acknowledgement", "That's exactly right. Next one.")),
        (9, i("acknowledgement", "I'm afraid that was too vague.")),
        (7, i("probe", f"You did well there. {PROBE_DEPTH}", QUESTION)),
    ],
    "no-leak": [
        (12, i("reply", "You would get level four out of five, as the report will say.", OTHER)),
        (12, i("reply", "The report says it: this counts for the rubric row called ownership.", OTHER)),
        (7, i("probe", "Would Thompson sampling have helped?", QUESTION)),
        (
            9,
            i("acknowledgement", "A new listener meets a well-understood catalogue, you know.", QUESTION),
        ),
    ],
    "no-repeat": [(7, first)],
    "hears": [(7, lambda world: i("nudge", f"Once more, please. {first(world).text}", QUESTION))],
    "aim": [(7, i("probe", PROBE_OWNERSHIP, QUESTION))],
    "no-gap": [(7, i("acknowledgement", "Thank you.", QUESTION))],
    "requests": [
        (5, i("acknowledgement", "Of course.", QUESTION)),
        (12, i("reply", "That I don't know.", OTHER)),
        (14, lambda world: i("question", world.questions[OTHER].text, OTHER)),
    ],
    "replies": [(16, i("acknowledgement", "Okay."))],
    "time": [(10, lambda world: i("question", world.questions[OTHER].text, OTHER, at_s=BUDGET_S + 60))],
    "ends-once": [(9, i("closing", "That's all. Goodbye."))],
}
"""For each check, places of the sound talk with a line that breaks it."""


@pytest.mark.parametrize(
    ("check", "number"), [(check, n) for check, lines in BAD_LINES.items() for n in range(len(lines))]
)
def test_a_check_notices_the_line_that_breaks_it(check: str, number: int, world: World) -> None:
    place, line = BAD_LINES[check][number]
    talk = sound(world)
    talk[place] = line if isinstance(line, Line) else line(world)
    report = judged(record(talk), world)
    assert check in broken(report)
    assert not report.passed or next(r.bar for r in report.results if r.id == check) < 1


def test_an_interview_without_an_end_has_not_ended(world: World) -> None:
    assert "ends-once" in broken(judged(record(sound(world), finished=False), world))


def test_an_interview_that_goes_on_long_after_its_time_is_late(world: World) -> None:
    talk = sound(world)
    report = judged(record([*talk[:-2], *[talk[-3], talk[-2]] * 100, CLOSING]), world)
    assert "ends" in next(offence.fault for offence in report.offences if offence.check == "time")


def test_words_that_the_transcript_lacks_are_missed(world: World) -> None:
    talk = record(sound(world))
    stored = [turn for turn in talk.view.turns if "We dropped" not in turn.text]
    assert broken(judged(record(sound(world), stored=stored), world)) == {"every-word"}


def test_the_same_reply_twice_in_a_row_and_a_question_without_end_are_no_recovery(world: World) -> None:
    nudge, hm = i("nudge", "Take your time.", QUESTION), c("Hm.", QUESTION)
    talk = sound(world)
    assert "recovers" in broken(judged(record([*talk[:4], hm, nudge, hm, nudge, *talk[4:]]), world))
    rounds = [line for n in range(9) for line in (hm, i("nudge", f"Take your time, number {n}.", QUESTION))]
    assert "recovers" in broken(judged(record([*talk[:4], *rounds, *talk[4:]]), world))


def test_what_a_candidate_said_is_neither_praise_nor_a_leak_when_it_is_taken_up(world: World) -> None:
    talk = sound(world)
    talk[6] = c(f"{OWNERSHIP_ONLY} We had a great success with Thompson sampling.", QUESTION)
    talk[7] = i("probe", f"You mentioned a great success with Thompson sampling. {PROBE_DEPTH}", QUESTION)
    assert judged(record(talk), world).offences == []


def test_a_report_counts_sessions_and_shows_the_offending_line(world: World) -> None:
    talk = sound(world)
    talk[9] = i("acknowledgement", "Great answer!")
    report = judge([record(sound(world)), record(talk)], world, seed=3, model="some model")
    result = next(r for r in report.results if r.id == "no-judgement")
    assert (result.clean, result.sessions, result.rate, result.passed) == (1, 2, 0.5, False)
    assert result.low is not None
    assert result.high is not None
    assert 0 < result.low < 0.5 < result.high < 1
    text = markdown(report)
    assert "> interviewer (acknowledgement): Great answer!" in text
    assert "| neither praises nor blames | 1 of 2 |" in text


async def test_sessions_are_the_same_for_the_same_seed_and_hold_amended_turns(content: Content) -> None:
    deps = Deps(content.guide, content.topics, content.banks, problems=content.problems)
    first, second = [await hold(deps, content, ["mixed"], 2, 5, lambda done, of: None) for _ in range(2)]
    assert [r.lines for r in first] == [r.lines for r in second]
    assert any(line.kind == "more words" for talk in first for line in talk.lines)


async def test_sessions_without_a_candidate_or_with_an_unknown_one_are_refused(content: Content) -> None:
    deps = Deps(content.guide, content.topics, content.banks)
    with pytest.raises(EvalError, match="none given"):
        await hold(deps, content, [], 1, 0, lambda done, of: None)
    with pytest.raises(LoopError, match="nobody of that name"):
        await hold(deps, content, ["nobody"], 1, 0, lambda done, of: None)


def test_the_interviewer_keeps_the_hard_rules_with_every_candidate() -> None:
    names = ",".join(all_personas())
    run = CliRunner().invoke(app, ["eval", "interviewer", "--personas", names, "--sessions", "14", "--json"])
    report = Report.model_validate(json.loads(run.stdout))
    assert report.offences == [] or not broken(report) - {"no-gap", "requests", "hears", "aim", "brief"}
    assert (run.exit_code == 0) == report.passed
    assert len(report.personas) == report.sessions == 14


def test_a_check_below_its_bar_is_exit_code_three(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("evals.interviewer.wording.MOST_WORDS", 3)
    run = CliRunner().invoke(app, ["eval", "interviewer", "--personas", "strong", "--sessions", "1"])
    assert run.exit_code == 3
    assert "below its bar" in run.stdout
