from pathlib import Path

from graphs.deps import Deps
from graphs.interview import Interview
from graphs.loops import load_loop
from graphs.plan import make_plan
from graphs.storage import KEPT_CHECKPOINTS, open_saver
from knowledge.loader import Content
from tests.fakes import FakeClock
from tests.golden import small_deps
from tests.test_graphs_interview import ANSWER, said, started


async def test_the_whole_loop_of_eight_stages_runs_to_its_end(tmp_path: Path, content: Content) -> None:
    deps = Deps(
        guide=content.guide,
        topics=content.topics,
        banks=content.banks,
        problems=content.problems,
        clock=FakeClock(),
    )
    plan = make_plan(load_loop("full"), content.guide, questions=4, seed=11)
    async with open_saver(tmp_path / "interview.sqlite") as saver:
        interview = await Interview.open(saver, deps, session="s", plan=plan)
        heard = await said(interview.begin())
        turns = 0
        while heard[-1].kind != "closing":
            text = {"greeting": "yes", "invitation": "no"}.get(heard[-1].kind, ANSWER)
            turns += 1
            heard = await said(interview.hear(text, turn=f"c{turns}"))
        view = await interview.view()
        rows = await saver.conn.execute_fetchall("SELECT length(checkpoint) FROM checkpoints")
    questions = [turn.question for turn in view.turns if turn.kind == "question"]
    assert view.finished
    assert len(questions) == len(set(questions)) == 32
    assert {a.stage for a in view.answers} == set(view.stages)
    assert [turn.kind for turn in view.turns].count("greeting") == 8
    assert all(answer.complete and answer.text for answer in view.answers)
    assert len(list(rows)) <= KEPT_CHECKPOINTS
    assert (tmp_path / "interview.sqlite").stat().st_size < 4_000_000


async def test_a_candidate_who_only_talks_when_asked_for_questions_does_not_hold_up_the_interview() -> None:
    interview = await started(small_deps(FakeClock()), questions=1)
    for number in range(40):
        view = await interview.view()
        if view.finished:
            break
        await said(interview.hear(f"{ANSWER} Story {number}.", turn=f"talk{number}"))
    assert view.finished
