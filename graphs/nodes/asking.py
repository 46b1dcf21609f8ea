"""Asking, weighing an answer, following up, and moving on."""

from langgraph.runtime import Runtime

from graphs.deps import Deps
from graphs.intents import minutes_wished
from graphs.lines import Floor, spoken_minutes
from graphs.pads import READING_S, at_work, is_writing, pad_for, written
from graphs.probing import LONG_ANSWER_WORDS, is_written, next_probe
from graphs.questions import next_item
from graphs.remarks import is_of_pad
from graphs.state import (
    AnswerRecord,
    OpenQuestion,
    PlannedProbe,
    Prompt,
    State,
    Update,
    board_of,
    moved,
    open_answer,
    updated,
    words_of,
)
from graphs.wording import follow_up

LEAST_AGREED_S = 120.0


def agree(state: State) -> Update:
    """Take the yes, or the consent; shorten the stage, and with it the interview, where the candidate has less time."""
    place = state["place"]
    if place["phase"] == "consent":
        return Update(place=moved(place, consent="given", leaving="begin"))
    wished = minutes_wished(state["turns"][-1]["text"])
    if wished is None or wished * 60 >= place["budget_s"]:
        return Update(place=moved(place, leaving="begin"))
    shorter_s = max(LEAST_AGREED_S, wished * 60)
    cut_s = place["cut_s"] + max(0.0, place["budget_s"] - shorter_s)
    return Update(place=moved(place, budget_s=shorter_s, cut_s=cut_s, leaving="shorter"))


def ask(state: State, runtime: Runtime[Deps]) -> Update:
    """Write the next question into the state; the router before has made sure that there is one."""
    following = next_item(state, runtime.context)
    assert following is not None
    floor, place = Floor(state), state["place"]
    floor.say("acknowledgement", floor.line(place["leaving"], minutes=spoken_minutes(place["budget_s"])))
    writing = pad_for(runtime.context, floor.stage.id, following.id) == "code"
    lead = f"{floor.line('problem_pad' if writing else 'problem')} " if following.is_problem else ""
    floor.say("question", f"{lead}{following.text}", following.id)
    answer = AnswerRecord(
        id=f"a{floor.serial}",
        stage=floor.stage.id,
        topic=following.topic,
        question=following.id,
        question_text=following.text,
        rows=list(following.rows),
        points=list(following.points),
        parts=[],
        complete=False,
        skipped=False,
    )
    opened = OpenQuestion(id=following.id, began_s=state["elapsed_s"], targets=[], courtesies=[], hints=0)
    if writing:
        opened["writing"] = True
    place = moved(
        place,
        phase="question",
        asked=place["asked"] + 1,
        open=opened,
        prompt=Prompt(text=following.text, question=following.id),
        leaving="next",
        wait_s=READING_S if writing else 0.0,
    )
    return Update(place=place, answers=[*state["answers"], answer], **floor.update())


async def weigh(state: State, runtime: Runtime[Deps]) -> Update:
    """Decide whether the answer is probed, and for what; otherwise it is complete.

    While the code of it is being written, it is not complete, and only a failing test is asked about.
    """
    answer, current = open_answer(state), state["place"]["open"]
    assert answer is not None
    assert current is not None
    writing = is_writing(state) and not is_written(state, answer)
    opened = current if writing else written(current)
    place = moved(state["place"], open=opened, probe=None)
    state = updated(state, {"place": place})
    probe = await next_probe(state, runtime.context, answer)
    if probe is not None:
        return Update(place=moved(place, probe=PlannedProbe(target=probe.target, text=probe.text)))
    if writing:
        return Update(place=place)
    long = len(words_of(state, answer).split()) > LONG_ANSWER_WORDS
    return Update(
        place=moved(place, leaving="long" if long else "next"),
        answers=_closed(state, answer, skipped=False),
    )


def watch(state: State) -> Update:
    """Let the candidate write on: say once what the pad is for; after that, nothing to someone who is writing."""
    floor, place, current = Floor(state), state["place"], state["place"]["open"]
    assert current is not None
    if "write" not in current["courtesies"]:
        floor.say("acknowledgement", floor.line("write"))
        current = OpenQuestion(**{**current, "courtesies": [*current["courtesies"], "write"]})
    elif not at_work(state):
        floor.say("acknowledgement", floor.line("writing"))
    return Update(place=moved(place, open=current, wait_s=READING_S), **floor.update())


def leave(state: State) -> Update:
    """Close the question without another word on it: skipped where nothing was said."""
    answer = open_answer(state)
    assert answer is not None
    place = moved(state["place"], probe=None, leaving="next" if state["intent"] == "done" else "skip")
    nothing = not answer["parts"] and board_of(state, answer) is None
    return Update(place=place, answers=_closed(state, answer, skipped=nothing))


async def probe(state: State, runtime: Runtime[Deps]) -> Update:
    """Ask the follow-up, worded by the model where it holds to the rules."""
    answer, place = open_answer(state), state["place"]
    planned, current = place["probe"], place["open"]
    assert answer is not None
    assert planned is not None
    assert current is not None
    text = await follow_up(
        state, runtime.context, answer, planned["text"], of_pad=is_of_pad(planned["target"])
    )
    floor = Floor(state)
    floor.say("probe", text, answer["question"])
    opened = OpenQuestion(**{**current, "targets": [*current["targets"], planned["target"]]})
    place = moved(place, open=opened, probe=None, prompt=Prompt(text=text, question=answer["question"]))
    return Update(place=place, **floor.update())


def _closed(state: State, answer: AnswerRecord, *, skipped: bool) -> list[AnswerRecord]:
    closed = AnswerRecord(**{**answer, "complete": True, "skipped": skipped})
    return [*state["answers"][:-1], closed]
