import json
import os
import pty
import select
import subprocess
import sys
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from agent.cli import app
from evals.datasets import Item, Rating, load_jsonl
from evals.errors import DatasetError
from evals.importing import write_jsonl
from evals.raters import compare
from evals.rating import HandRating, Sheet, merged, read_ratings
from rubrics.loader import shipped_rubrics

RUBRICS = shipped_rubrics()
ROWS = [*(row.id for row in RUBRICS["star"].rows), "overall"]
WAIT_S = 60.0
_SOUNDCHECK = "from agent.cli import main; main()"


def items(count: int = 4) -> list[Item]:
    return [
        Item(
            id=f"secret-{n}",
            rubric="star",
            question=f"Question number {n}?",
            answer=f"Answer number {n}.",
            gold=[Rating(rater="writer", row="action", score=5)],
            groups={"form": ["manipulative"]},
            provenance="authored-for-this-test",
            licence="CC0-1.0",
        )
        for n in range(count)
    ]


def sheet(path: Path, rater: str = "ann", count: int = 4) -> Sheet:
    return Sheet(items(count), RUBRICS, rater=rater, path=path)


def ratings_of(*scores: int, rater: str, row: str = "action") -> list[HandRating]:
    return [HandRating(id=f"secret-{n}", rater=rater, row=row, score=s) for n, s in enumerate(scores)]


def test_every_rater_has_an_order_of_their_own_and_keeps_it(tmp_path: Path) -> None:
    def order(rater: str) -> list[str]:
        return [task.item.id for task in sheet(tmp_path / "x", rater, count=8).tasks]

    assert order("ann") == order("ann") != order("bob")
    assert sorted(order("ann")) == sorted(order("bob"))


def test_the_order_of_the_dataset_does_not_show_in_a_raters_order(tmp_path: Path) -> None:
    backwards = Sheet(items(8)[::-1], RUBRICS, rater="ann", path=tmp_path / "x")
    assert [task.item.id for task in backwards.tasks] == [
        task.item.id for task in sheet(tmp_path / "x", count=8).tasks
    ]


def test_rating_carries_on_where_it_stopped_and_the_last_word_counts(tmp_path: Path) -> None:
    first = sheet(tmp_path / "ann.jsonl")
    first.rate(first.tasks[0], 2)
    first.rate(first.tasks[0], 3)
    first.rate(first.tasks[2], 4)
    again = sheet(tmp_path / "ann.jsonl")
    assert (again.score(again.tasks[0]), again.done, again.next_open(), again.next_open(2)) == (3, 2, 1, 3)


def test_one_raters_file_is_not_anothers(tmp_path: Path) -> None:
    mine = sheet(tmp_path / "r.jsonl")
    mine.rate(mine.tasks[0], 2)
    with pytest.raises(DatasetError, match=r"'ann'.*\n.*--out"):
        sheet(tmp_path / "r.jsonl", rater="bob")


def test_a_broken_line_is_named(tmp_path: Path) -> None:
    (tmp_path / "r.jsonl").write_text('{"id": "a", "rater": "ann", "row": "action", "score": 7}\n')
    with pytest.raises(DatasetError, match=r"r\.jsonl: line 1: "):
        read_ratings(tmp_path / "r.jsonl")


def test_merged_ratings_stand_beside_the_gold_and_replace_their_own_raters() -> None:
    once = merged(items(), ratings_of(1, 2, rater="ann"))
    twice = merged(once, ratings_of(4, rater="ann"))
    assert once[0].ratings("action") == {"writer": 5, "ann": 1}
    assert twice[0].ratings("action") == {"writer": 5, "ann": 4}
    assert twice[3].raters == ["writer"]
    with pytest.raises(DatasetError, match="no answer 'secret-0'"):
        merged(items()[1:], ratings_of(1, rater="ann"))


def test_agreement_is_counted_on_what_both_raters_rated() -> None:
    pairs, rows = compare([*ratings_of(1, 2, 3, 5, 1, rater="ann"), *ratings_of(1, 2, 4, 3, rater="bob")])
    (pair,) = pairs
    assert (pair.raters, pair.answers, pair.exact, pair.adjacent) == (("ann", "bob"), 4, 0.5, 0.75)
    # By hand: 0 + 0 + 1 + 4 squared steps in 4 answers; by chance 56 in the 16 pairings of 1 2 3 5 with 1 2 4 3.
    assert pair.kappa == pytest.approx(1 - (5 / 4) / (56 / 16))
    assert rows[0].raters == 2
    assert rows[0].alpha is not None
    assert 0 < rows[0].alpha < 1


def test_raters_who_agree_have_kappa_and_alpha_one_and_a_constant_has_neither() -> None:
    (pair,), (row,) = compare([*ratings_of(1, 3, 5, rater="ann"), *ratings_of(1, 3, 5, rater="bob")])
    assert (pair.kappa, row.alpha) == (1.0, 1.0)
    (pair,), (row,) = compare([*ratings_of(3, 3, rater="ann"), *ratings_of(3, 3, rater="bob")])
    assert (pair.kappa, pair.exact, row.alpha) == (None, 1.0, None)


def test_the_command_shows_agreement_and_merges(tmp_path: Path) -> None:
    dataset, out = tmp_path / "set.jsonl", tmp_path / "out.jsonl"
    write_jsonl(dataset, items())
    for rater, scores in (("ann", (1, 3, 5)), ("bob", (1, 3, 4))):
        lines = [rating.model_dump_json() for rating in ratings_of(*scores, rater=rater)]
        (tmp_path / f"{rater}.jsonl").write_text("\n".join(lines) + "\n")
    both = [str(tmp_path / "ann.jsonl"), str(tmp_path / "bob.jsonl")]
    shown = CliRunner().invoke(app, ["eval", "rate", "--agreement", "--json", *both])
    assert json.loads(shown.stdout)["pairs"][0]["answers"] == 3
    assert "Krippendorff" in CliRunner().invoke(app, ["eval", "rate", "--agreement", *both]).stdout
    merging = CliRunner().invoke(
        app, ["eval", "rate", str(dataset), "--merge", both[0], "--merge", both[1], "--out", str(out)]
    )
    assert merging.exit_code == 0, merging.output
    assert load_jsonl(out)[0].raters == ["ann", "bob", "writer"]


@pytest.mark.parametrize("options", [[], ["--rater", "a b"], ["--rater", "ann"], ["--merge", "SET"]])
def test_wrong_use_is_told_as_such(tmp_path: Path, options: list[str]) -> None:
    write_jsonl(tmp_path / "set.jsonl", items())
    options = [str(tmp_path / "set.jsonl") if option == "SET" else option for option in options]
    result = CliRunner().invoke(app, ["eval", "rate", str(tmp_path / "set.jsonl"), *options])
    assert result.exit_code == 2


class Terminal:
    """`soundcheck eval rate` behind a pseudo-terminal."""

    def __init__(self, dataset: Path) -> None:
        self._master, slave = pty.openpty()
        self._process = subprocess.Popen(
            [sys.executable, "-c", _SOUNDCHECK, "eval", "rate", str(dataset), "--rater", "ann"],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env={**os.environ, "TERM": "xterm", "COLUMNS": "200"},
            start_new_session=True,
        )
        os.close(slave)

    def __enter__(self) -> "Terminal":
        return self

    def __exit__(self, *exc: object) -> None:
        self._process.kill()
        self._process.wait()
        os.close(self._master)

    def press(self, keys: str) -> str:
        """What is shown until it waits for the next key."""
        os.write(self._master, keys.encode())
        return self.read_until("q quit")

    def read_until(self, text: str) -> str:
        shown, deadline = "", time.monotonic() + WAIT_S
        while text not in shown:
            ready, _, _ = select.select([self._master], [], [], deadline - time.monotonic())
            assert ready, f"waited for {text!r} and saw {shown!r}"
            shown += os.read(self._master, 65536).decode(errors="replace")
        return shown

    def quit(self) -> int:
        """Its exit code."""
        os.write(self._master, b"q")
        self.read_until("rated:")
        return self._process.wait(WAIT_S)


def test_rating_at_a_terminal_is_blind_saved_key_by_key_and_carried_on(tmp_path: Path) -> None:
    dataset, kept = tmp_path / "set.jsonl", tmp_path / "set.ann.jsonl"
    write_jsonl(dataset, items(2))
    tasks = sheet(tmp_path / "none", count=2).tasks
    with Terminal(dataset) as terminal:
        shown = terminal.read_until("q quit")
        assert tasks[0].item.answer in shown
        assert RUBRICS["star"].rows[0].anchors[5] in shown
        shown += terminal.press("4")
        assert [rating.score for rating in read_ratings(kept)] == [4]
        back = terminal.press("b")
        assert "you gave 4" in back
        shown += back + terminal.press("2")
        shown += terminal.press("x") + terminal.press("\x1b[B") + terminal.press("s") + terminal.press("5")
        assert terminal.quit() == 0
    assert [(r.id, r.row, r.score) for r in read_ratings(kept)] == [
        (tasks[0].item.id, ROWS[0], 2),
        (tasks[0].item.id, ROWS[2], 5),
    ]
    for hidden in ("secret", "writer", "manipulative", "authored", "CC0"):
        assert hidden not in shown.replace(str(dataset), "")
    with Terminal(dataset) as again:
        assert RUBRICS["star"].rows[1].title in again.read_until("q quit")
