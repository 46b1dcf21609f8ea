"""Speaking what was written, waiting for the candidate, and taking in what they brought."""

from typing import cast

from langgraph.runtime import Runtime
from langgraph.types import interrupt

from graphs.deps import Deps
from graphs.intents import Judge, adds_to_earlier, minutes_wished, understand
from graphs.models import TurnKind
from graphs.pads import is_writing, noted, pad_turns, show
from graphs.reading import means, says_yes
from graphs.scripted import MOST_UNCLEAR, agrees, withdraws
from graphs.state import (
    AnswerRecord,
    Event,
    Intent,
    Route,
    State,
    TurnRecord,
    Undo,
    Update,
    board_of,
    earlier_answer,
    moved,
    open_answer,
    plan_of,
    updated,
)

REQUEST_ODDS = 0.2
"""Log-odds from which the model is believed that a doubtful turn is a request: the 1.5B model stays below it for
answers, and reaches it for half of the requests; the other half are taken for answers, which loses nothing."""
MOST_CANDIDATE_QUESTIONS = 6
"""In each stage; whoever goes on asking, or only talks, would otherwise keep the interview from its next stage."""
_ALWAYS_REQUESTS: frozenset[Intent] = frozenset(
    ["repeat", "wait", "time", "pause", "stop", "identity", "feedback", "nothing"]
)


def say(state: State, runtime: Runtime[Deps]) -> Update:
    """Speak what the steps before have written. It is stored already, so nothing is spoken that could be lost."""
    for line in state["outbox"]:
        runtime.stream_writer(line)
    return Update(outbox=[])


def listen(state: State) -> Update:
    """Wait for the candidate. Nothing else may stand here: this node runs again from its top when it resumes."""
    return Update(event=cast(Event, interrupt(None)))


async def receive(state: State, runtime: Runtime[Deps]) -> Update:
    """Record what came in, and what it means."""
    event = state["event"]
    assert event is not None  # set by `listen`
    elapsed_s = state["elapsed_s"] + event["passed_s"]
    if event["kind"] in ("silence", "reopen"):
        intent: Intent = "silence" if event["kind"] == "silence" else "reopen"
        return Update(elapsed_s=elapsed_s, intent=intent, route="respond")
    if event["kind"] == "show":
        return show(state, event, elapsed_s)
    if event["kind"] == "amend" and state["undo"] is not None:
        rewound, event = _rewind(state, event)
        state = updated(state, rewound)
    state = updated(state, {"turns": noted(state)})
    undo = _snapshot(state)
    cut_off = event["kind"] == "keep"
    meant = await understand(event["text"], None if cut_off else _judge(state, runtime.context))
    intent, route = interpret(state, event["text"], meant)
    place = moved(state["place"], silences=0, wait_s=0.0)
    if place["paused"] and route != "nothing" and intent not in ("pause", "stop"):
        place = moved(place, paused=False, stopped=False)
    answer = _part_of(state, intent, route)
    if cut_off and answer and meant in ("answer", "short"):
        route = "nothing"  # the rest of it is asked for; whatever else was said counts as it always does
    turn = TurnRecord(
        id=event["turn"],
        speaker="candidate",
        kind="answer" if answer else _kind(intent),
        text=event["text"].strip(),
        stage=plan_of(state).stages[place["stage"]].id,
        question=answer["question"] if answer else place["open"]["id"] if place["open"] else None,
    )
    return Update(
        elapsed_s=elapsed_s,
        place=place,
        turns=[*state["turns"], turn],
        answers=_with_part(state["answers"], answer, event["turn"]),
        memory=state["memory"],
        amended=state["amended"],
        undo=undo,
        intent=intent,
        route=route,
    )


def interpret(state: State, text: str, meant: Intent) -> tuple[Intent, Route]:
    """What a turn means at this place of the interview, and where it leads."""
    place = state["place"]
    if place["phase"] != "consent" and plan_of(state).script is not None and withdraws(text):
        return "no", "refuse"
    if place["paused"] and meant not in ("answer", "pause", "stop"):
        return ("nothing", "nothing") if meant == "nothing" else ("resume", "respond")
    if place["phase"] == "consent":
        return _in_consent(text, meant, state["spoken"].get("consent_unclear", 0))
    if place["phase"] == "agreement":
        return _in_agreement(text, meant)
    if place["phase"] == "candidate":
        return _in_candidate_questions(meant, place["heard_questions"])
    if place["phase"] == "adding":
        return _while_adding(meant)
    return _in_question(state, text, meant)


def _in_consent(text: str, meant: Intent, unclear: int) -> tuple[Intent, Route]:
    """Only a clear yes is one. A question is answered first, and what stays unclear is a no."""
    agreed = agrees(text)
    if agreed is not None:
        return ("yes", "agreed") if agreed else ("no", "refuse")
    if meant in _ALWAYS_REQUESTS or meant in ("question", "clarify"):
        return ("repeat" if meant == "clarify" else meant), "respond"
    return ("no", "refuse") if unclear >= MOST_UNCLEAR else ("unclear", "respond")


def _in_agreement(text: str, meant: Intent) -> tuple[Intent, Route]:
    if minutes_wished(text) is not None:
        return "yes", "agreed"
    if meant in _ALWAYS_REQUESTS or meant in ("question", "clarify", "no"):
        return ("repeat" if meant == "clarify" else meant), "respond"
    return meant, "agreed"


def _in_candidate_questions(meant: Intent, heard: int) -> tuple[Intent, Route]:
    if meant in ("no", "done", "skip", "unknown"):
        return "no", "close_stage"
    if heard >= MOST_CANDIDATE_QUESTIONS and meant not in _ALWAYS_REQUESTS:
        return "question", "close_stage"
    if meant in _ALWAYS_REQUESTS or meant in ("instruct", "yes"):
        return ("repeat" if meant == "yes" else meant), "respond"
    return "question", "reply"


def _while_adding(meant: Intent) -> tuple[Intent, Route]:
    if meant in ("answer", "short", "question"):
        return "answer", "add"
    if meant in ("yes", "no", "done", "skip", "unknown", "add", "hint", "clarify"):
        return "resume", "respond"
    return meant, "respond"


def _in_question(state: State, text: str, meant: Intent) -> tuple[Intent, Route]:
    """An open question: what is no request is an answer, and is accepted as it is after one kind word."""
    current, answer = state["place"]["open"], open_answer(state)
    assert current is not None
    assert answer is not None
    if meant in ("short", "yes", "no", "unknown", "done") and _taken_as_it_is(state, answer, meant):
        return "short", "answer"
    courtesies, probed, said = current["courtesies"], bool(current["targets"]), bool(answer["parts"])
    if is_writing(state) and meant in ("short", "yes", "no", "unknown", "add"):
        meant = "answer"  # half-sentences of someone who writes
    if meant == "done" and is_writing(state) and (said or board_of(state, answer)):
        return "done", "finish"
    if meant == "answer":
        return (
            ("answer", "add")
            if not said and earlier_answer(state) and adds_to_earlier(text)
            else ("answer", "answer")
        )
    if meant == "yes" and _last_line(state) in ("resume", "repeat", "clarification", "time", "reply"):
        return "wait", "respond"  # a word to the line before the question was said again: go on, then
    if meant in ("short", "yes", "no"):
        return "short", ("answer" if probed or "expand" in courtesies else "respond")
    if meant == "unknown":
        return "unknown", ("leave" if probed or "unknown" in courtesies else "respond")
    if meant == "instruct":
        return "instruct", ("leave" if "instruct" in courtesies else "respond")
    if meant == "done":
        return "done", ("leave" if said or "nothing_said" in courtesies else "respond")
    return meant, ("leave" if meant == "skip" else "respond")


def _taken_as_it_is(state: State, answer: AnswerRecord, meant: Intent) -> bool:
    """In a script a short answer is one, and gets the written probes; to a knock-out, any answer is."""
    if plan_of(state).script is None:
        return False
    return not answer["rows"] if meant in ("unknown", "done") else True


def _last_line(state: State) -> str | None:
    """The kind of the interviewer's last line."""
    lines = [turn["kind"] for turn in state["turns"] if turn["speaker"] == "interviewer"]
    return lines[-1] if lines else None


def _part_of(state: State, intent: Intent, route: Route) -> AnswerRecord | None:
    """The answer that a turn belongs to, if any."""
    place, current = state["place"], open_answer(state)
    if place["phase"] == "adding" and route == "add":
        return next(a for a in state["answers"] if a["id"] == place["adding_to"])
    if place["phase"] != "question" or current is None:
        return None
    if route == "add":
        return earlier_answer(state) or current
    took_part = (
        route == "answer" or intent in ("short", "unknown") or (intent, route) == ("instruct", "leave")
    )
    return current if took_part else None


def _with_part(answers: list[AnswerRecord], answer: AnswerRecord | None, turn: str) -> list[AnswerRecord]:
    if answer is None:
        return answers
    longer = AnswerRecord(**{**answer, "parts": [*answer["parts"], turn], "skipped": False})
    return [longer if a["id"] == answer["id"] else a for a in answers]


def _kind(intent: Intent) -> TurnKind:
    if intent in ("yes", "no", "nothing", "instruct", "resume"):
        return "other"
    return "question" if intent == "question" else "request"


def _snapshot(state: State) -> Undo:
    return Undo(
        place=state["place"],
        turns=len(state["turns"]),
        memory=len(state["memory"]),
        answers=len(state["answers"]),
        tail=state["answers"][-2:],
    )


def _rewind(state: State, event: Event) -> tuple[Update, Event]:
    """The state before the last turn, and that turn again with the new words at its end."""
    undo = state["undo"]
    assert undo is not None
    last, *later = state["turns"][undo["turns"] :]
    whole = f"{last['text']} {event['text'].strip()}".strip()
    kept = state["answers"][: undo["answers"] - len(undo["tail"])]
    rewound = Update(
        place=undo["place"],
        turns=[*state["turns"][: undo["turns"]], *pad_turns(later)],
        memory=state["memory"][: undo["memory"]],
        answers=[*kept, *undo["tail"]],
        amended=[*state["amended"], event["turn"]],
    )
    return rewound, Event(**{**event, "kind": "hear", "text": whole, "turn": last["id"]})


def _judge(state: State, deps: Deps) -> Judge | None:
    """Asks the model about a doubtful turn."""
    prompt = state["place"]["prompt"]
    if deps.language is None or prompt is None:
        return None

    async def judge(text: str, intent: Intent) -> bool:
        messages = means(intent, prompt["text"], text)
        return await says_yes(deps, messages, unless=False, at_least=REQUEST_ODDS)

    return judge
