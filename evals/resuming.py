"""Does an interview survive being killed? A typed interview runs in a process of its own, is killed with SIGKILL at
random instants and started again, until it has ended.

The process writes a journal beside the interview: a line before a turn is handed over and one after it was answered.
What the journal says was answered must be in the stored interview, once; nothing answered may be asked again.
"""

import asyncio
import json
import random
import signal
import sys
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from graphs.deps import Deps
from graphs.interview import Interview
from graphs.loops import load_loop
from graphs.models import View
from graphs.plan import Plan, make_plan
from graphs.storage import open_saver
from knowledge.loader import load_content

GUIDE = "spotify-staff-ml"
SESSION = "killed"
QUESTIONS = 2
"""For each of the eight stages."""
LONGEST_LIFE_S = 0.8


@dataclass(frozen=True)
class Survival:
    """One interview, killed `kills` times."""

    seed: int
    kills: int
    kills_in_a_turn: int
    """How often it died between a turn's being handed over and its being answered."""
    answered: int
    lost: int
    asked_again: int


async def survive(folder: Path, seed: int, progress: Callable[[int], None] = lambda kills: None) -> Survival:
    """Run one interview in `folder`, killing it again and again."""
    rng = random.Random(seed)
    kills = 0
    while True:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "evals.resuming", str(folder), str(seed)),
            cwd=Path(__file__).parent.parent,
            stdout=asyncio.subprocess.PIPE,
        )
        assert process.stdout is not None
        await process.stdout.readline()
        with suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), rng.uniform(0, LONGEST_LIFE_S))
        if process.returncode is None:
            process.send_signal(signal.SIGKILL)
            await process.wait()
            kills += 1
            progress(kills)
        elif process.returncode != 0:
            raise RuntimeError(f"the interview in {folder} failed with exit code {process.returncode}")
        handed, answered = _journal(folder)
        view = await _view(folder, seed)
        if view.finished:
            return _judge(seed, kills, len(handed.keys() - answered.keys()), answered, view)


def _judge(seed: int, kills: int, in_a_turn: int, answered: dict[str, str], view: View) -> Survival:
    stored = {turn.id: turn.text for turn in view.turns if turn.speaker == "candidate"}
    lost = sum(stored.get(turn) != text for turn, text in answered.items())
    replied = {part for answer in view.answers for part in answer.parts}
    lost += sum(turn.kind == "answer" and turn.id not in replied for turn in view.turns)
    asked = Counter(
        turn.question for turn in view.turns if turn.speaker == "interviewer" and turn.kind == "question"
    )
    again = sum(count - 1 for count in asked.values())
    return Survival(
        seed=seed,
        kills=kills,
        kills_in_a_turn=in_a_turn,
        answered=len(view.answers),
        lost=lost,
        asked_again=again,
    )


def _journal(folder: Path) -> tuple[dict[str, str], dict[str, str]]:
    handed: dict[str, str] = {}
    answered: dict[str, str] = {}
    path = folder / "journal.jsonl"
    lines = path.read_text().splitlines() if path.exists() else []
    for line in lines:
        with suppress(json.JSONDecodeError):
            row = json.loads(line)
            (answered if row["answered"] else handed)[row["turn"]] = row["text"]
    return handed, answered


async def _view(folder: Path, seed: int) -> View:
    deps, plan = _deps(), _plan(seed)
    async with open_saver(folder / "interview.sqlite") as saver:
        return await (await Interview.open(saver, deps, session=SESSION, plan=plan)).view()


def _deps() -> Deps:
    content = load_content(GUIDE)
    return Deps(guide=content.guide, topics=content.topics, banks=content.banks, problems=content.problems)


def _plan(seed: int) -> Plan:
    return make_plan(load_loop("full"), load_content(GUIDE).guide, questions=QUESTIONS, seed=seed)


async def _conduct(folder: Path, seed: int) -> None:
    """The process that gets killed."""
    deps, plan = _deps(), _plan(seed)
    async with open_saver(folder / "interview.sqlite") as saver:
        interview = await Interview.open(saver, deps, session=SESSION, plan=plan)
        sys.stdout.write("opened\n")
        sys.stdout.flush()
        if not (await interview.view()).finished:
            async for _ in interview.begin():
                pass
        while not (view := await interview.view()).finished:
            turn = f"t{sum(t.speaker == 'candidate' for t in view.turns)}"
            text = f"We owned that service for two years and I led the change, story {turn} of seed {seed}."
            if view.turns[-1].kind == "invitation":
                text = "No, that is all from me, thank you."
            _write(folder, turn, text, answered=False)
            async for _ in interview.hear(text, turn=turn):
                pass
            _write(folder, turn, text, answered=True)


def _write(folder: Path, turn: str, text: str, *, answered: bool) -> None:
    with (folder / "journal.jsonl").open("a") as journal:
        journal.write(json.dumps({"turn": turn, "text": text, "answered": answered}) + "\n")


if __name__ == "__main__":
    asyncio.run(_conduct(Path(sys.argv[1]), int(sys.argv[2])))
