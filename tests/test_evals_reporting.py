"""The page and the Markdown of a run."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from evals.datasets import Item
from evals.reporting.html import marked, render_html
from evals.reporting.markdown import render_markdown
from evals.scores import Scores
from evals.scoring import Beside, score
from tests.browser import Page, find_chromium, open_browser
from tests.eval_logs import STORY, at_target, ladder, make_item, make_log

ATTACK = '<script>document.title="hit"</script><img src=x onerror="document.title=1">'


def _skewed(item: Item, row: str) -> float:
    return 1.0 if item.id == "i007" else 1 + (item.target(row) or 0) * 0.7


@pytest.fixture(scope="module")
def scores() -> Scores:
    forms = ("plain", "dialect")
    items = [make_item(n, [1 + n % 5, min(5, 2 + n % 5)], form=forms[n // 5 % 2]) for n in range(100)]
    items[7] = make_item(7, [5, 5], form="plain", answer=f"{ATTACK} {STORY.format(7)}")
    return score(make_log(items, _skewed), Beside())


@pytest.fixture(scope="module")
def page(scores: Scores) -> str:
    return render_html(scores)


def test_who_rated_is_said_at_the_top(page: str, scores: Scores) -> None:
    top = page[page.index("<header>") : page.index("</header>")]
    assert "Rated: authored, AI raters" in top
    assert "No human rated" in top
    assert render_markdown(scores).splitlines()[2].startswith("**Rated: authored, AI raters.**")


def test_failed_gates_are_named_at_the_top(page: str, scores: Scores) -> None:
    top = page[page.index("<header>") : page.index("</header>")]
    failed = [gate.name for gate in scores.gates if gate.verdict == "failed"]
    assert failed
    assert all(name in top for name in failed)


def test_the_run_card_stands_in_the_report_with_every_hash(page: str, scores: Scores) -> None:
    for text in (page, render_markdown(scores)):
        assert scores.card.dataset_sha256 in text
        assert "rubric star" in text


def test_what_a_candidate_said_cannot_become_markup(page: str) -> None:
    assert "<script" not in page
    assert "<img" not in page
    assert "&lt;script&gt;" in page


def test_the_colours_of_plots_are_those_of_the_page(page: str) -> None:
    drawn = "".join(re.findall(r"<svg.*?</svg>", page, flags=re.DOTALL))
    assert "var(--accent)" in drawn
    assert re.findall(r"#[0-9a-f]{6}\b", drawn) == []


def test_only_what_a_level_rests_on_is_marked(scores: Scores) -> None:
    miss = next(miss for miss in scores.misses if miss.quotes)
    pieces = marked(miss)
    assert "".join(text for text, _ in pieces) == miss.answer
    assert [text for text, quoted in pieces if quoted] == [miss.answer.split()[0]]


def test_every_line_of_a_table_in_markdown_has_the_cells_of_its_head(scores: Scores) -> None:
    for block in render_markdown(scores).split("\n\n"):
        if block.startswith("|"):
            assert len({len(re.findall(r"(?<!\\)\|", line)) for line in block.splitlines()}) == 1


def test_a_run_of_few_answers_without_groups_or_checks_can_be_shown(tmp_path: Path) -> None:
    log = make_log(ladder(1), at_target)
    bare = [g.model_copy(update={"trace": g.trace.model_copy(update={"checks": []})}) for g in log.graded]
    few = score(log.model_copy(update={"graded": bare}), Beside())
    assert "No verdict: 5 answers; it takes 100" in render_html(few)
    assert "No verdict: 5 answers; it takes 100" in render_markdown(few)


@pytest.fixture(scope="module")
def tab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    if find_chromium() is None:
        lack = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        lack("no Chromium on this machine: apt install chromium")
    with open_browser(tmp_path_factory.mktemp("profile")) as opened:
        yield opened


@pytest.mark.browser
@pytest.mark.parametrize("width", [390, 1200])
def test_the_page_fits_its_screen_and_asks_no_network(
    tab: Page, page: str, tmp_path: Path, width: int
) -> None:
    path = tmp_path / "report.html"
    path.write_text(page, encoding="utf-8")
    tab.resize(width, 800)
    tab.requests.clear()
    tab.open(path)
    assert tab.run("document.documentElement.scrollWidth") <= width
    assert tab.run("document.querySelectorAll('svg').length") == 7
    assert tab.requests == [path.as_uri()]
    assert tab.faults == []
