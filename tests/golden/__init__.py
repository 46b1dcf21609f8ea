"""Scripted conversations and their whole transcripts. `python -m tests.golden` writes the transcripts anew."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import yaml
from langgraph.checkpoint.memory import InMemorySaver

from graphs.deps import Deps
from graphs.errors import InterviewOver
from graphs.interview import Interview
from graphs.loops import load_loop
from graphs.models import Utterance
from graphs.plan import make_plan
from knowledge.loader import load_content
from tests.fakes import FakeClock, FakeLanguageModel

FOLDER = Path(__file__).parent
SCRIPTS = sorted((FOLDER / "scripts").glob("*.yaml"))


def small_deps(clock: FakeClock, language: FakeLanguageModel | None = None) -> Deps:
    """The small guide, whose texts no writer changes."""
    content = load_content(FOLDER / "guide")
    return Deps(
        guide=content.guide, topics=content.topics, banks=content.banks, language=language, clock=clock
    )


async def play(script: dict[str, Any]) -> list[str]:
    """The conversation as lines: who, what kind of line, its question, its words."""
    clock = FakeClock()
    language = FakeLanguageModel(script["model"]) if "model" in script else None
    deps = small_deps(clock, language)
    plan = make_plan(load_loop(FOLDER / "loop.yaml"), deps.guide, **script.get("run", {}))
    saver = InMemorySaver()
    interview = await Interview.open(saver, deps, session="golden", plan=plan)
    lines: list[str] = []
    for number, step in enumerate([{"begin": True}, *script["steps"]]):
        (act, value), *rest = step.items()
        clock.now_s += dict(rest).get("after_s", 5.0)
        if act == "reopen":
            interview = await Interview.open(saver, deps, session="golden")
        if act in ("say", "amend", "silence"):
            lines.append(f"> {act}: {value}")
        try:
            lines += [_line(u) async for u in _act(interview, act, value, f"c{number}")]
        except InterviewOver:
            lines.append("! InterviewOver")
    return lines


def _act(interview: Interview, act: str, value: Any, turn: str) -> AsyncIterator[Utterance]:
    if act == "say":
        return interview.hear(value, turn=turn)
    if act == "amend":
        return interview.amend(value, turn=turn)
    return interview.silence(value) if act == "silence" else interview.begin()


def _line(utterance: Utterance) -> str:
    question = f" {utterance.question}" if utterance.question else ""
    return f"{utterance.kind}{question}: {utterance.text}"


def main() -> None:
    for path in SCRIPTS:
        script = yaml.safe_load(path.read_text(encoding="utf-8"))
        head, _, _ = path.read_text(encoding="utf-8").partition("\nexpect:")
        lines = asyncio.run(play(script))
        body = yaml.safe_dump({"expect": lines}, width=10**6, allow_unicode=True, sort_keys=False)
        path.write_text(f"{head.rstrip()}\n\n{body}", encoding="utf-8")
