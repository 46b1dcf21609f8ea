"""An interview in a process of its own, to be killed at any moment: `python -m tests.killed DATABASE LOG`.

LOG gets each turn that was replied to, as its id and its text.
"""

import asyncio
import os
import sys
from pathlib import Path

from graphs.interview import Interview
from graphs.loops import load_loop
from graphs.plan import make_plan
from graphs.storage import open_saver
from tests.fakes import FakeClock
from tests.golden import FOLDER, small_deps
from tests.test_graphs_resume import Candidate, drain


async def main(file: Path, log: Path) -> None:
    deps = small_deps(FakeClock())
    plan = make_plan(load_loop(FOLDER / "loop.yaml"), deps.guide, questions=5, seed=2)
    candidate = Candidate()
    async with open_saver(file) as saver:
        interview = await Interview.open(saver, deps, session="s", plan=plan)
        view = await interview.view()
        candidate.turns = sum(turn.speaker == "candidate" for turn in view.turns)
        if view.finished:
            return
        await drain(interview.begin())
        while not (view := await interview.view()).finished:
            candidate.turns = sum(turn.speaker == "candidate" for turn in view.turns)
            turn, text = candidate.react(view)
            await drain(interview.hear(text, turn=turn))
            candidate.heard(turn, text)
            with log.open("a", encoding="utf-8") as lines:
                lines.write(f"{turn}\t{text}\n")
                lines.flush()
                os.fsync(lines.fileno())


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), Path(sys.argv[2])))
