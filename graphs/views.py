"""The view of an interview that voices, pages and reports are given."""

from graphs.deps import Deps
from graphs.models import Answer, Problem, Turn, View
from graphs.pads import pad_for
from graphs.state import AnswerRecord, State, board_of, open_answer, plan_of, words_of


def view_of(state: State, deps: Deps, passed_s: float) -> View:
    """`passed_s` is the time since the last event, not yet in the state."""
    plan, place = plan_of(state), state["place"]
    under_way = place["stage"] >= 0 and place["phase"] != "over"
    stage = plan.stages[place["stage"]] if under_way else None
    answer = open_answer(state)
    topic = deps.topics.get(answer["topic"]) if answer else None
    pad = pad_for(deps, answer["stage"], answer["question"]) if answer else None
    return View(
        session=state["session"],
        loop=plan.loop,
        stages=[planned.id for planned in plan.stages],
        stage=stage.id if stage else None,
        question=answer["question"] if answer else None,
        question_text=answer["question_text"] if answer else None,
        turns=[Turn.model_validate(turn) for turn in state["turns"]],
        answers=[_answer(state, a) for a in state["answers"] if _is_answer(state, a)],
        paused=place["paused"],
        stopped=place["stopped"],
        finished=place["phase"] == "over",
        script=plan.script.version if plan.script else None,
        consent=place.get("consent"),
        elapsed_s=state["elapsed_s"] + (0.0 if place["paused"] else passed_s),
        budget_s=plan.budget_s - place["cut_s"],
        patience_s=stage.patience_s if stage else plan.stages[0].patience_s,
        expected_terms=list(topic.terms) if topic else [],
        pad=pad,
        problem=_problem(deps, answer["question"]) if answer and pad == "code" else None,
        board=board_of(state, answer) if answer else None,
    )


def _is_answer(state: State, answer: AnswerRecord) -> bool:
    return bool(answer["parts"]) or answer["skipped"] or board_of(state, answer) is not None


def _answer(state: State, answer: AnswerRecord) -> Answer:
    return Answer(**answer, text=words_of(state, answer), board=board_of(state, answer))


def _problem(deps: Deps, question: str) -> Problem | None:
    problem = deps.problems.get(question.partition("/")[2])
    if problem is None or deps.pads is None:
        return None
    starter = deps.pads.starters.get(problem.id, "")
    return Problem(id=problem.id, title=problem.title, statement=problem.statement, starter=starter)
