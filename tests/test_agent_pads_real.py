"""A whole typed interview with code and a sketch, on the real models, to its report."""

from collections.abc import AsyncIterator

import pytest

from agent.report.write import read_report, write_report
from agent.sessions import SessionStore
from agent.settings import Settings
from agent.wiring import open_interview, open_workplace
from graphs.board import Arrow, Box, Shown, Sketch
from graphs.interview import Interview
from graphs.loops import load_loop
from graphs.models import Utterance
from graphs.plan import make_plan
from tests.pad_sittings import CACHE, solution_of

pytestmark = pytest.mark.models
PLAN_ALOUD = (
    "I assume that many threads call it at once and that keys are hashable. I keep an ordered dictionary for the order "
    "of use and a heap of expiry times, because the next entry to expire is then on top."
)
MORE = (
    "Each operation costs the logarithm of the capacity, because of the heap. I would test an empty cache, which gives "
    "the default, and two threads that store the same key, after which its length must be one."
)
DESIGN = "The app calls a ranking service, which reads the features of the listener and scores five hundred candidates."


async def said(utterances: AsyncIterator[Utterance]) -> list[Utterance]:
    return [utterance async for utterance in utterances]


class Typed:
    def __init__(self, interview: Interview) -> None:
        self.interview = interview
        self.turns = 0

    async def say(self, text: str) -> list[Utterance]:
        self.turns += 1
        return await said(self.interview.hear(text, turn=f"t{self.turns}"))

    async def answer(self, *texts: str) -> list[str]:
        """Say one text after the other, until the question is over; the follow-ups that came."""
        question = (await self.interview.view()).question
        probes = []
        for text in texts:
            probes += [u.text for u in await self.say(text) if u.kind == "probe"]
            if (await self.interview.view()).question != question:
                return probes
        await self.say("that's my answer")
        return probes


async def test_an_interview_with_code_and_a_sketch_is_graded_and_reported(settings: Settings) -> None:
    async with open_workplace(settings) as workplace:
        session = SessionStore(settings.sessions_dir).create(title="Pads", mode="typed")
        plan = make_plan(
            load_loop("full"),
            workplace.content.guide,
            stages=["coding-applied-ml", "ml-system-design"],
            questions=1,
            seed=4,
        ).model_copy(update={"candidate_questions": False})
        async with open_interview(workplace, session, plan, pads=["code", "sketch"]) as (interview, desk):
            typed = Typed(interview)
            await said(interview.begin())
            await typed.say("yes")
            assert (await interview.view()).question == CACHE
            wrong = solution_of(workplace.content, CACHE).replace("threading.Lock()", "None")
            run = await workplace.runs.visible(CACHE, wrong)
            await typed.say(PLAN_ALOUD)
            await interview.show(Shown(question=CACHE, code=wrong))
            await interview.show(Shown(question=CACHE, run=run))
            (probe,) = await typed.say("One of them is red, as far as I can see on the screen.")
            assert "the example of the statement holds" in probe.text
            code = solution_of(workplace.content, CACHE)
            await interview.show(Shown(question=CACHE, code=code))
            await interview.show(Shown(question=CACHE, run=await workplace.runs.visible(CACHE, code)))
            await typed.answer("The lock was not there; now it is.", MORE, MORE, MORE, MORE)
            desk.submit((await interview.view()).answers)

            await typed.say("yes")
            view = await interview.view()
            assert (view.stage, view.pad) == ("ml-system-design", "sketch")
            boxes = [Box(id="a", label="App", x=150, y=90), Box(id="b", label="Ranking service", x=500, y=90)]
            lonely = Box(id="c", label="Feature store", kind="store", x=500, y=300)
            sketch = Sketch(boxes=[*boxes, lonely], arrows=[Arrow(source="a", target="b")])
            await interview.show(Shown(question=str(view.question), sketch=sketch))
            probes = await typed.answer(DESIGN, MORE, DESIGN, DESIGN)
            assert "Feature store" in probes[0]
            view = await interview.view()
            desk.submit(view.answers)
            await desk.finish()
        with session.locked():
            await write_report(session, settings, grader=workplace.grader, search=workplace.search, view=view)

    report = read_report(session)
    assert report is not None
    coded, drawn = report.answers
    assert coded.status == "graded"
    assert coded.code is not None
    assert coded.code.summary == "11 of 11 hidden tests pass, 4 of 4 visible tests pass"
    correctness = next(row for row in coded.rows if row.row == "correctness")
    assert correctness.level is not None
    assert correctness.level.level >= 4
    assert drawn.sketch == sketch
    assert (session.folder / "sketch.svg").is_file()
    html = (session.folder / "report.html").read_text(encoding="utf-8")
    assert html.count('class="sketch"') == 1
    assert {"code", "run", "sketch"} <= {turn.kind for turn in report.transcript}
