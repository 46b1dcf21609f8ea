"""Everything a candidate says besides answers, and silence: a line, and the same prompt still stands."""

import re
from collections.abc import Awaitable, Callable

from langgraph.runtime import Runtime

from graphs.deps import Deps
from graphs.lines import Floor, spoken_minutes
from graphs.models import UtteranceKind
from graphs.pads import at_work, is_writing
from graphs.questions import item, stage_left_s, total_left_s
from graphs.replies import fact_for
from graphs.state import (
    Courtesy,
    Intent,
    OpenQuestion,
    Place,
    Prompt,
    State,
    Update,
    earlier_answer,
    moved,
    open_answer,
)
from graphs.wording import rephrased

WAIT_S = 75.0
"""Silence granted to someone who asks for a moment."""
NEARLY_OVER_S = 60.0
MOST_REPEATED_WORDS = 8
_WORDING = re.compile(
    r"\b(?:mean|rephrase|reword|another way|differently|simpler|understand|follow|explain|clarify)\b"
)
Handler = Callable[[State, Deps, Floor], Awaitable[Place]]


async def respond(state: State, runtime: Runtime[Deps]) -> Update:
    """React to what was said; the interview stays where it is."""
    floor = Floor(state)
    place = await _HANDLERS[state["intent"]](state, runtime.context, floor)
    return Update(place=place, **floor.update())


def add(state: State) -> Update:
    """The words have joined the earlier answer; go back to what was asked."""
    floor = Floor(state)
    _prompt_again(state, floor, "repeat", "added")
    return Update(place=moved(state["place"], phase="question", adding_to=None), **floor.update())


async def reply(state: State, runtime: Runtime[Deps]) -> Update:
    """Answer the candidate's question from what may be told, or say that it is not known; then ask for the next."""
    floor, place = Floor(state), state["place"]
    known = await fact_for(state["turns"][-1]["text"], runtime.context)
    floor.say("reply", known or floor.line("reply_unknown"))
    text = floor.line("more")
    floor.say("invitation", text)
    prompt = Prompt(text=text, question=None)
    place = moved(place, heard_questions=place["heard_questions"] + 1, prompt=prompt)
    return Update(place=place, **floor.update())


def _prompt_again(state: State, floor: Floor, kind: UtteranceKind, key: str, **values: str) -> None:
    """A line, and after it what the candidate is to react to."""
    prompt = state["place"]["prompt"]
    lead = floor.line(key, **values)
    text = f"{lead} {prompt['text']}" if prompt else lead
    floor.say(kind, text, prompt["question"] if prompt else None)


def _again(kind: UtteranceKind, key: str) -> Handler:
    """A handler that says a line and the prompt again."""

    async def handler(state: State, deps: Deps, floor: Floor) -> Place:
        persona = floor.stage.interviewer
        _prompt_again(state, floor, kind, key, name=persona.name, role=persona.role)
        return moved(state["place"], paused=False, stopped=False)

    return handler


def _pause(key: str, *, stopped: bool) -> Handler:
    async def handler(state: State, deps: Deps, floor: Floor) -> Place:
        floor.say("pause", floor.line(key))
        return moved(state["place"], paused=True, stopped=stopped)

    return handler


async def _clarify(state: State, deps: Deps, floor: Floor) -> Place:
    answer = open_answer(state)
    wants_other_words = bool(_WORDING.search(state["turns"][-1]["text"].lower()))
    other = await rephrased(state, deps, answer) if answer and wants_other_words else None
    if other is None:
        _prompt_again(state, floor, "clarification", "clarify")
    else:
        floor.say(
            "clarification", f"{floor.line('rephrased')} {other}", answer["question"] if answer else None
        )
    return state["place"]


async def _hint(state: State, deps: Deps, floor: Floor) -> Place:
    current = state["place"]["open"]
    asked = item(deps, current["id"]) if current else None
    if current is None or asked is None or current["hints"] >= len(asked.hints):
        _prompt_again(state, floor, "clarification", "hint_none")
        return state["place"]
    floor.say("clarification", f"{floor.line('hint')} {asked.hints[current['hints']]}", current["id"])
    return moved(state["place"], open=OpenQuestion(**{**current, "hints": current["hints"] + 1}))


async def _wait(state: State, deps: Deps, floor: Floor) -> Place:
    floor.say("acknowledgement", floor.line("wait"))
    return moved(state["place"], wait_s=WAIT_S)


async def _time(state: State, deps: Deps, floor: Floor) -> Place:
    left_s = min(stage_left_s(state), total_left_s(state))
    line = (
        floor.line("time", minutes=spoken_minutes(left_s))
        if left_s > NEARLY_OVER_S
        else floor.line("time_over")
    )
    prompt = state["place"]["prompt"]
    floor.say("time", f"{line} {prompt['text']}" if prompt else line, prompt["question"] if prompt else None)
    return state["place"]


async def _question(state: State, deps: Deps, floor: Floor) -> Place:
    """A question while one of ours is open: told from the facts, else taken as one about the question itself."""
    known = await fact_for(state["turns"][-1]["text"], deps)
    if known is None and state["place"]["phase"] == "question":
        return await _clarify(state, deps, floor)
    prompt = state["place"]["prompt"]
    floor.say("reply", known or floor.line("reply_unknown"))
    if prompt:
        floor.say("repeat", prompt["text"], prompt["question"])
    return state["place"]


async def _add(state: State, deps: Deps, floor: Floor) -> Place:
    before = earlier_answer(state) if state["place"]["phase"] == "question" else None
    if before is None:
        _prompt_again(state, floor, "repeat", "add_nothing")
        return state["place"]
    line = floor.line("add")
    floor.say("repeat", line if before["parts"] else f"{line} {before['question_text']}", before["question"])
    return moved(state["place"], phase="adding", adding_to=before["id"])


async def _resume(state: State, deps: Deps, floor: Floor) -> Place:
    _prompt_again(state, floor, "resume", "unpause")
    phase = "question" if state["place"]["phase"] == "adding" else state["place"]["phase"]
    return moved(state["place"], paused=False, stopped=False, phase=phase, adding_to=None)


async def _reopen(state: State, deps: Deps, floor: Floor) -> Place:
    """The first words of a later sitting: who is here, and the prompt again; never a second greeting."""
    floor.say("resume", floor.line("resume", name=floor.stage.interviewer.name))
    prompt = state["place"]["prompt"]
    if prompt and (words := _cut_off(state)):
        floor.say("repeat", floor.line("cut_off", words=words), prompt["question"])
    elif prompt:
        floor.say("repeat", prompt["text"], prompt["question"])
    return moved(state["place"], paused=False, stopped=False, silences=0, wait_s=0.0)


def _cut_off(state: State) -> str | None:
    """The last words of an answer that nobody has replied to."""
    last = state["turns"][-1]
    unanswered = last["speaker"] == "candidate" and last["kind"] == "answer" and not is_writing(state)
    return " ".join(last["text"].split()[-MOST_REPEATED_WORDS:]).rstrip(".,;:") if unanswered else None


async def _silence(state: State, deps: Deps, floor: Floor) -> Place:
    """Nudge once, then offer to move on, then pause. Silence that was asked for, or is spent writing, is left alone."""
    place, event = state["place"], state["event"]
    if place["paused"] or event is None or event["seconds"] < place["wait_s"] or at_work(state):
        return place
    silences = place["silences"] + 1
    if silences == 1:
        floor.say("nudge", floor.line("silence_nudge"))
    elif silences == 2 and place["phase"] == "question":
        floor.say("nudge", floor.line("silence_offer"))
    else:
        floor.say("pause", floor.line("silence_pause"))
        return moved(place, silences=silences, paused=True)
    return moved(place, silences=silences, wait_s=0.0)


def _courtesy(courtesy: Courtesy, key: str, *, again: bool) -> Handler:
    """Something a candidate is told only once a question."""

    async def handler(state: State, deps: Deps, floor: Floor) -> Place:
        current = state["place"]["open"]
        if again or current is None:
            _prompt_again(state, floor, "nudge", key)
        else:
            floor.say("nudge", floor.line(key), current["id"])
        if current is None:
            return state["place"]
        opened = OpenQuestion(**{**current, "courtesies": [*current["courtesies"], courtesy]})
        return moved(state["place"], open=opened)

    return handler


_HANDLERS: dict[Intent, Handler] = {
    "repeat": _again("repeat", "repeat"),
    "identity": _again("repeat", "identity"),
    "feedback": _again("reply", "feedback"),
    "nothing": _again("nudge", "nothing"),
    "no": _again("clarification", "disagree"),
    "unclear": _again("clarification", "consent_unclear"),
    "clarify": _clarify,
    "hint": _hint,
    "wait": _wait,
    "time": _time,
    "pause": _pause("pause", stopped=False),
    "stop": _pause("stop", stopped=True),
    "add": _add,
    "question": _question,
    "short": _courtesy("expand", "expand", again=False),
    "unknown": _courtesy("unknown", "unknown", again=False),
    "instruct": _courtesy("instruct", "instruct", again=True),
    "done": _courtesy("nothing_said", "nothing_said", again=False),
    "resume": _resume,
    "reopen": _reopen,
    "silence": _silence,
}
