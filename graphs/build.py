"""The interview as a graph: every node and every edge.

`say` speaks what the nodes before it have written; `listen` only waits. A turn of the candidate therefore runs from
`listen` over `receive` to `say`, and whatever is spoken has been stored before.

A rehearsal is the same graph without `listen`: one turn from `receive` to what would be said, and nothing is stored.
"""

from collections.abc import Hashable
from typing import Literal

from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph
from langgraph.runtime import Runtime

from graphs.deps import Deps
from graphs.nodes.asking import agree, ask, leave, probe, watch, weigh
from graphs.nodes.listening import listen, receive, say
from graphs.nodes.requests import add, reply, respond
from graphs.nodes.stages import after_stage, close, close_stage, invite, open_stage, refuse
from graphs.pads import is_writing
from graphs.questions import next_item, stage_left_s, total_left_s
from graphs.state import Route, State, plan_of

LEAST_INVITATION_S = 30.0
AFTER_RECEIVE: dict[Hashable, str] = {
    "agreed": "agree",
    "answer": "weigh",
    "refuse": "refuse",
    "finish": "weigh",
    "leave": "leave",
    "respond": "respond",
    "add": "add",
    "reply": "reply",
    "close_stage": "close_stage",
}
Onward = Literal["ask", "invite", "close_stage"]
Graph = CompiledStateGraph[State, Deps, State, State]


def after_receive(state: State) -> Route:
    return state["route"]


def onward(state: State, runtime: Runtime[Deps]) -> Onward:
    """The next question, else the candidate's questions, else the end of the stage: what there is time for."""
    if next_item(state, runtime.context) is not None:
        return "ask"
    plan = plan_of(state)
    left_s = min(stage_left_s(state), total_left_s(state))
    in_time = left_s > LEAST_INVITATION_S or plan.script is not None
    return "invite" if plan.candidate_questions and in_time else "close_stage"


def after_weighing(
    state: State, runtime: Runtime[Deps]
) -> Literal["probe", "watch", "ask", "invite", "close_stage"]:
    if state["place"]["probe"]:
        return "probe"
    return "watch" if is_writing(state) else onward(state, runtime)


def after_say(state: State) -> Literal["listen", "__end__"]:
    return "__end__" if state["place"]["phase"] == "over" else "listen"


def build(saver: BaseCheckpointSaver[str] | None) -> Graph:
    """The interview; without a saver, its rehearsal."""
    waiting = END if saver is None else "listen"
    graph = StateGraph(State, context_schema=Deps)
    for node in (
        open_stage,
        agree,
        ask,
        weigh,
        leave,
        probe,
        watch,
        respond,
        add,
        reply,
        refuse,
        invite,
        close_stage,
        close,
    ):
        graph.add_node(node)
    for node in (say, receive):
        graph.add_node(node)
    if saver is not None:
        graph.add_node(listen)
        graph.add_edge("listen", "receive")

    graph.add_edge(START, "receive" if saver is None else "open_stage")
    for speaking in (
        "open_stage",
        "ask",
        "probe",
        "watch",
        "respond",
        "add",
        "reply",
        "refuse",
        "invite",
        "close",
    ):
        graph.add_edge(speaking, "say")
    graph.add_conditional_edges("say", after_say, {"listen": waiting, "__end__": END})
    graph.add_conditional_edges("receive", after_receive, {**AFTER_RECEIVE, "nothing": waiting})
    graph.add_conditional_edges("agree", onward, ["ask", "invite", "close_stage"])
    graph.add_conditional_edges("weigh", after_weighing, ["probe", "watch", "ask", "invite", "close_stage"])
    graph.add_conditional_edges("leave", onward, ["ask", "invite", "close_stage"])
    graph.add_conditional_edges("close_stage", after_stage, ["open_stage", "close"])
    return graph.compile(checkpointer=saver)
