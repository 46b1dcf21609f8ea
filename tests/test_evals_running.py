import asyncio
from pathlib import Path

import pytest

from evals.datasets import Item, load_gold
from evals.errors import LogError
from evals.runlog import RunCard, new_card, read_log
from evals.running import run, unfinished
from rubrics.grader import UNAVAILABLE
from rubrics.models import Grade, GradeRequest
from rubrics.trace import GradeTrace


class CountingJudge:
    """Finds nothing in any answer; fails on the `fail_at`th, and has no model for the `out_of_reach`th."""

    def __init__(self, fail_at: int | None = None, *, out_of_reach: int | None = None) -> None:
        self.asked: list[str] = []
        self.most_at_once = 0
        self._at_once = 0
        self._fail_at = fail_at
        self._out_of_reach = out_of_reach

    async def grade_with_trace(self, request: GradeRequest) -> GradeTrace:
        if len(self.asked) == self._fail_at:
            raise RuntimeError("killed")
        self.asked.append(request.id)
        number = len(self.asked) - 1
        self._at_once += 1
        self.most_at_once = max(self.most_at_once, self._at_once)
        await asyncio.sleep(0)
        self._at_once -= 1
        grade = Grade(
            id=request.id,
            status="unscored",
            reason=f"{UNAVAILABLE}: no server" if number == self._out_of_reach else "counted only",
            overall=None,
            rows={},
            rubric_version="star@1",
            model="fake",
            flags=[],
        )
        return GradeTrace(grade=grade, fit=None, checks=[], prompt_version="p")


def _card(items: list[Item], seed: int = 0) -> RunCard:
    return new_card(
        items, dataset="gold", grader="checks", model="fake", rubrics={"star": "1"}, prompts="p", seed=seed
    )


def _quiet(done: int, of: int) -> None: ...


async def test_a_run_that_was_broken_off_carries_on_where_it_stopped(tmp_path: Path) -> None:
    items, log = load_gold()[:4], tmp_path / "run.jsonl"
    with pytest.raises(RuntimeError):
        await run(CountingJudge(fail_at=2), items, _card(items), log, progress=_quiet)
    with log.open("ab") as file:
        file.write(b'{"half a li')
    second = CountingJudge()
    found = await run(second, items, _card(items), log, progress=_quiet)
    assert second.asked == [item.id for item in items[2:]]
    assert [graded.item for graded in found.graded] == items


async def test_a_log_of_another_run_is_not_mixed_with_this_one(tmp_path: Path) -> None:
    items, log = load_gold()[:1], tmp_path / "run.jsonl"
    await run(CountingJudge(), items, _card(items), log, progress=_quiet)
    with pytest.raises(LogError, match="holds another run"):
        await run(CountingJudge(), items, _card(items, seed=1), log, progress=_quiet)


async def test_an_answer_on_which_the_model_failed_is_tried_again(tmp_path: Path) -> None:
    items, log = load_gold()[:3], tmp_path / "run.jsonl"
    found = await run(CountingJudge(out_of_reach=1), items, _card(items), log, progress=_quiet)
    assert [graded.item for graded in found.graded] == [items[0], items[2]]
    second = CountingJudge()
    await run(second, items, _card(items), log, progress=_quiet)
    assert second.asked == [items[1].id]


async def test_several_answers_are_graded_at_a_time_where_the_endpoint_allows(tmp_path: Path) -> None:
    items, judge = load_gold()[:9], CountingJudge()
    found = await run(judge, items, _card(items), tmp_path / "run.jsonl", progress=_quiet, parallel=3)
    assert judge.most_at_once == 3
    assert sorted(judge.asked) == sorted(item.id for item in items)
    assert len(found.graded) == 9


async def test_a_log_that_was_broken_off_is_found_again_and_a_finished_one_is_not(tmp_path: Path) -> None:
    items = load_gold()[:2]
    (tmp_path / "a-note.jsonl").write_text("no log", encoding="utf-8")
    await run(CountingJudge(), items, _card(items), tmp_path / "whole.jsonl", progress=_quiet)
    assert unfinished(tmp_path, _card(items)) is None
    with pytest.raises(RuntimeError):
        await run(CountingJudge(fail_at=1), items, _card(items), tmp_path / "broken.jsonl", progress=_quiet)
    assert unfinished(tmp_path, _card(items)) == tmp_path / "broken.jsonl"
    assert unfinished(tmp_path, _card(items, seed=1)) is None


def test_a_file_that_is_no_log_is_named(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("{}\n", encoding="utf-8")
    with pytest.raises(LogError, match="x: "):
        read_log(tmp_path / "x")
