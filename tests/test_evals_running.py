from pathlib import Path

import pytest

from evals.datasets import Item, load_gold
from evals.errors import LogError
from evals.runlog import RunCard, new_card, read_log
from evals.running import run
from rubrics.models import Grade, GradeRequest
from rubrics.trace import GradeTrace


class CountingJudge:
    """Finds nothing in any answer; fails on the `fail_at`th."""

    def __init__(self, fail_at: int | None = None) -> None:
        self.asked: list[str] = []
        self._fail_at = fail_at

    async def grade_with_trace(self, request: GradeRequest) -> GradeTrace:
        if len(self.asked) == self._fail_at:
            raise RuntimeError("killed")
        self.asked.append(request.id)
        grade = Grade(
            id=request.id,
            status="unscored",
            reason="counted only",
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


def test_a_file_that_is_no_log_is_named(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("{}\n", encoding="utf-8")
    with pytest.raises(LogError, match="x: "):
        read_log(tmp_path / "x")
