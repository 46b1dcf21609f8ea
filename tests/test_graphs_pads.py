"""Interviews with a code pad and a sketch pad."""

from typing import Any, cast

import pytest
from langgraph.checkpoint.memory import InMemorySaver

from graphs.board import Shown, Sketch
from graphs.interview import Interview
from graphs.loops import load_loop
from graphs.plan import make_plan
from graphs.state import VERSION
from knowledge.loader import Content
from tests.pad_sittings import CACHE, SAID, SKETCH, PadSitting, run_of, solution_of

CODE = "class TTLCache:\n    def put(self, key, value):\n        self.entries[key] = value\n"


async def test_where_there_is_a_pad_the_problem_is_shown_in_full(content: Content) -> None:
    sitting = await (await PadSitting.open(content)).begin()
    view = await sitting.view()
    assert (view.pad, view.question) == ("code", CACHE)
    assert view.problem is not None
    assert "class TTLCache" in view.problem.starter
    assert "len(cache)" in view.problem.statement
    spoken = view.turns[-1].text
    assert "pad" in spoken
    assert "len(cache)" not in spoken


async def test_without_a_pad_the_problem_is_talked_through_as_before(content: Content) -> None:
    sitting = await (await PadSitting.open(content, pads=False)).begin()
    view = await sitting.view()
    assert (view.pad, view.problem, view.board) == (None, None, None)
    assert view.question == CACHE
    assert "pad" not in view.turns[-1].text.split()
    assert await sitting.write(CODE)
    assert (await sitting.say(SAID))[0][0] == "probe"


@pytest.mark.parametrize("seed", range(12))
async def test_a_problem_for_the_pad_is_one_that_is_written(content: Content, seed: int) -> None:
    sitting = await (await PadSitting.open(content, seed=seed)).begin()
    view = await sitting.view()
    assert view.problem is not None
    assert content.problems[view.problem.id].kind == "code"


async def test_talk_beside_the_code_lets_the_candidate_write_on(content: Content) -> None:
    sitting = await (await PadSitting.open(content)).begin()
    ((kind, text),) = await sitting.say(SAID)
    assert kind == "acknowledgement"
    assert "done" in text
    await sitting.write(CODE)
    for words in ("okay", "and now the other one"):
        assert await sitting.say(words) == []
    assert [kind for kind, _ in await sitting.say("I don't know")] == ["acknowledgement"]
    view = await sitting.view()
    assert view.question == CACHE
    assert len(view.answers[0].parts) == 4


async def test_a_failing_test_is_spoken_of_while_the_code_is_written(content: Content) -> None:
    sitting = await (await PadSitting.open(content)).begin()
    await sitting.write(
        CODE, run_of(CODE, failed=[("test_a_missing_key_gives_the_default", "assert 1 == 7")])
    )
    ((kind, text),) = await sitting.say("hm, that one is red")
    assert kind == "probe"
    assert "a missing key gives the default" in text
    assert "7" in text
    assert [kind for kind, _ in await sitting.say("I see it now, the lookup comes first")] == [
        "acknowledgement"
    ]


async def test_being_done_leads_to_questions_about_the_code_and_then_onward(content: Content) -> None:
    sitting = await (await PadSitting.open(content)).begin()
    await sitting.say(SAID)
    await sitting.write(CODE)
    told = [*await sitting.say("I'm done")]
    while told[-1][0] == "probe":
        told += await sitting.say("The lock is missing there, so two of them would step on each other.")
    texts = " ".join(text for kind, text in told if kind == "probe")
    assert "thread" in texts
    assert '"put"' in texts
    assert told[-1][0] in ("invitation", "acknowledgement")
    assert (await sitting.view()).question is None


@pytest.mark.parametrize(
    "words", ["My code is done.", "okay the code is finished now", "I'm done coding", "that's it"]
)
async def test_there_are_many_words_for_being_done(content: Content, words: str) -> None:
    sitting = await (await PadSitting.open(content)).begin()
    await sitting.write(CODE)
    assert [kind for kind, _ in await sitting.say(words)] == ["probe"]


async def test_code_that_passes_needs_no_word_that_it_is_done(content: Content) -> None:
    sitting = await (await PadSitting.open(content)).begin()
    code = solution_of(content, CACHE)
    await sitting.write(code, run_of(code, passed=["test_a"]))
    ((kind, text),) = await sitting.say("There we are.")
    assert kind == "probe"
    assert "tests" in text


async def test_code_without_a_word_is_an_answer_and_no_skipped_question(content: Content) -> None:
    sitting = await (await PadSitting.open(content)).begin()
    await sitting.write(CODE)
    await sitting.say("skip")
    (answer,) = (await sitting.view()).answers
    assert answer.complete
    assert not answer.skipped
    assert answer.text == ""
    assert answer.board is not None
    assert answer.board.code == CODE


async def test_code_and_runs_stand_in_the_transcript_where_they_were_talked_over(content: Content) -> None:
    sitting = await (await PadSitting.open(content)).begin()
    await sitting.write(CODE)
    await sitting.write(CODE + "# more\n")
    await sitting.say(SAID)
    await sitting.say("and so on and so forth, as I said before")
    run = run_of(CODE, failed=[("test_a", "assert 1 == 2")], passed=["test_b"])
    await sitting.write(CODE, run)
    turns = [(t.kind, t.text) for t in (await sitting.view()).turns if t.speaker == "candidate"]
    assert turns[1:] == [
        ("code", CODE + "# more\n"),
        ("answer", SAID),
        ("answer", "and so on and so forth, as I said before"),
        ("code", CODE),
        ("run", "1 of 2 tests pass.\ntest_a: assert 1 == 2"),
    ]


async def test_words_taken_back_take_no_code_back(content: Content) -> None:
    sitting = await (await PadSitting.open(content)).begin()
    await sitting.write(CODE)
    await sitting.say("I'm done")
    await sitting.write(CODE + "# changed\n", run_of(CODE + "# changed\n", passed=["test_b"]))
    await sitting.say("no wait, not yet, there is one more thing to write", amend=True)
    view = await sitting.view()
    assert view.board is not None
    assert view.board.code == CODE + "# changed\n"
    kinds = [t.kind for t in view.turns if t.speaker == "candidate"]
    assert kinds == ["other", "code", "code", "run", "answer"]
    assert view.turns[-2].text == "I'm done no wait, not yet, there is one more thing to write"


async def test_a_candidate_who_writes_is_not_nudged(content: Content) -> None:
    sitting = await (await PadSitting.open(content)).begin()
    assert await sitting.silence(100) == []
    await sitting.say(SAID)
    for _ in range(5):
        sitting.clock.now_s += 190
        await sitting.write(f"{CODE}# {sitting.clock.now_s}\n")
        assert await sitting.silence(40) == []
    assert [kind for kind, _ in await sitting.silence(200)] == ["nudge"]


async def test_what_belongs_to_another_question_comes_too_late(content: Content) -> None:
    sitting = await PadSitting.open(content)
    assert not await sitting.interview.show(Shown(question=CACHE, code=CODE))
    await sitting.begin()
    assert not await sitting.interview.show(Shown(question="other/one", code=CODE))
    assert (await sitting.view()).board is None
    await sitting.say("skip")
    assert not await sitting.interview.show(Shown(question=CACHE, code=CODE))


async def test_design_questions_have_a_sketch_pad_and_its_boxes_are_asked_about(content: Content) -> None:
    sitting = await (await PadSitting.open(content, stage="ml-system-design", questions=2)).begin()
    assert (await sitting.view()).pad == "sketch"
    assert await sitting.draw(SKETCH)
    ((kind, text),) = await sitting.say(
        "The app asks the ranker, and the ranker looks into the index for candidates."
    )
    assert kind == "probe"
    assert "Candidate index" in text
    view = await sitting.view()
    assert view.answers[0].board is not None
    assert view.answers[0].board.sketch == SKETCH
    assert [t.kind for t in view.turns if t.speaker == "candidate"] == ["other", "sketch", "answer"]


async def test_a_new_question_has_an_empty_sketch(content: Content) -> None:
    sitting = await (await PadSitting.open(content, stage="ml-system-design", questions=2)).begin()
    await sitting.draw(Sketch(boxes=SKETCH.boxes[:1]))
    await sitting.say("skip")
    view = await sitting.view()
    assert (view.pad, view.board) == ("sketch", None)


async def test_the_board_is_there_again_after_a_restart(content: Content) -> None:
    saver = InMemorySaver()
    first = await (await PadSitting.open(content, saver=saver)).begin()
    await first.write(CODE)
    second = await PadSitting.open(content, saver=saver)
    board = (await second.view()).board
    assert board is not None
    assert board.code == CODE
    assert not await second.write("too soon: the sitting has not begun")
    told = [utterance.kind async for utterance in second.interview.begin()]
    assert told == ["resume", "repeat"]
    assert await second.write(CODE + "#")


async def test_an_interview_stored_before_there_were_pads_is_carried_on(content: Content) -> None:
    saver = InMemorySaver()
    old = await (await PadSitting.open(content, saver=saver)).begin()
    state = cast(dict[str, Any], old.interview._state)
    del state["boards"]
    state["version"] = 1
    plan = make_plan(load_loop("full"), content.guide, stages=["coding-applied-ml"], questions=1, seed=4)
    deps = old.interview._deps
    again = PadSitting(Interview(saver, deps, "s", plan, cast(Any, state)), old.clock)
    assert (await again.view()).board is None
    again.interview._unfinished = False
    assert await again.write(CODE)
    assert cast(Any, again.interview._state)["version"] == VERSION


async def test_showing_and_speaking_at_the_same_time_lose_nothing(content: Content) -> None:
    import asyncio

    sitting = await (await PadSitting.open(content)).begin()
    writes = [sitting.interview.show(Shown(question=CACHE, code=f"{CODE}# {i}\n")) for i in range(6)]
    results = await asyncio.gather(writes[0], writes[1], sitting.say(SAID), *writes[2:])
    assert all(r is True for i, r in enumerate(results) if i != 2)
    view = await sitting.view()
    assert view.board is not None
    assert view.board.code == f"{CODE}# 5\n"
    assert view.answers[0].text == SAID
