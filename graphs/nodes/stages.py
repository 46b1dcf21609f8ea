"""Opening and closing a stage, and the end."""

from langgraph.runtime import Runtime

from graphs.deps import Deps
from graphs.lines import Floor, spoken_minutes, spoken_title
from graphs.memory import recall, remember
from graphs.plan import Scripted
from graphs.questions import stage_left_s, total_left_s
from graphs.state import Prompt, State, Update, moved, plan_of

LEAST_STAGE_S = 60.0
"""With less time than this left, no further stage is opened."""


def open_stage(state: State, runtime: Runtime[Deps]) -> Update:
    """Greet, say that this is an AI, say what an earlier stage has passed on, and agree on the time."""
    plan, floor = plan_of(state), Floor(state)
    number = state["place"]["stage"] + 1
    stage = plan.stages[number]
    floor.enter(number)
    first = number == 0
    if plan.script is not None:
        return _disclose(state, plan.script, floor)
    budget_s = stage.budget_s if first else min(stage.budget_s, total_left_s(state))
    greeting = floor.line(
        "welcome" if first else "welcome_next",
        name=stage.interviewer.name,
        role=stage.interviewer.role,
        stage=spoken_title(stage.title),
    )
    known = recall(state, floor, runtime.context)
    agree = floor.line("agree" if first else "agree_next", minutes=spoken_minutes(budget_s))
    floor.say("greeting", " ".join(filter(None, (greeting, known, agree))))
    place = moved(
        state["place"],
        stage=number,
        phase="agreement",
        began_s=state["elapsed_s"],
        budget_s=budget_s,
        asked=0,
        heard_questions=0,
        open=None,
        prompt=Prompt(text=agree, question=None),
        leaving="begin",
        adding_to=None,
    )
    return Update(place=place, **floor.update())


def _disclose(state: State, scripted: Scripted, floor: Floor) -> Update:
    """Say what this is, before anything is asked but whether to go on."""
    script = scripted.script
    ask = script.consent.ask
    floor.say("greeting", f"{script.consent.disclosure} {script.accommodations.offer} {ask}")
    place = moved(
        state["place"],
        stage=0,
        phase="consent",
        began_s=state["elapsed_s"],
        budget_s=floor.stage.budget_s,
        prompt=Prompt(text=ask, question=None),
    )
    return Update(place=place, **floor.update())


def refuse(state: State) -> Update:
    """Offer a person instead, and end. Whoever keeps the interview deletes it."""
    floor = Floor(state)
    floor.say("closing", floor.line("refused"))
    return Update(place=moved(state["place"], phase="over", consent="refused"), **floor.update())


def invite(state: State) -> Update:
    """Ask for the candidate's own questions."""
    floor = Floor(state)
    text = floor.line("invite")
    floor.say("invitation", text)
    prompt = Prompt(text=text, question=None)
    return Update(place=moved(state["place"], phase="candidate", open=None, prompt=prompt), **floor.update())


def close_stage(state: State) -> Update:
    """End the stage, and say what comes next where something does."""
    plan, floor = plan_of(state), Floor(state)
    memory = [*state["memory"], remember(state)]
    place = moved(state["place"], phase="between", open=None, prompt=None)
    if after_stage(state) == "open_stage":
        following = plan.stages[place["stage"] + 1]
        over = floor.line("stage_over" if stage_left_s(state) > 0 else "stage_over_time")
        onward = floor.line(
            "next_stage", next_name=following.interviewer.name, next_stage=spoken_title(following.title)
        )
        floor.say("handover", f"{over} {onward}")
    return Update(memory=memory, place=place, **floor.update())


def close(state: State) -> Update:
    """The last words. END is final."""
    floor = Floor(state)
    in_time = total_left_s(state) > 0 and state["place"]["stage"] + 1 == len(plan_of(state).stages)
    floor.say("closing", floor.line("closing" if in_time else "closing_time"))
    return Update(place=moved(state["place"], phase="over"), **floor.update())


def after_stage(state: State) -> str:
    """`open_stage` where another stage follows and there is time for it, else `close`."""
    more = state["place"]["stage"] + 1 < len(plan_of(state).stages)
    return "open_stage" if more and total_left_s(state) >= LEAST_STAGE_S else "close"
