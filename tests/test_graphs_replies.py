from dataclasses import replace

import pytest

from graphs.deps import Deps
from graphs.lines import Floor
from graphs.memory import project_in, recall, remember
from graphs.replies import fact_for
from graphs.state import State
from knowledge.loader import Content
from knowledge.models import GUIDE, Passage
from tests.fakes import FakeClock, FakeSearch
from tests.golden import small_deps
from tests.test_graphs_probing import answered


@pytest.fixture
def deps(content: Content) -> Deps:
    return Deps(guide=content.guide, topics=content.topics, banks=content.banks)


@pytest.mark.parametrize(
    ("question", "fact"),
    [
        ("is the role remote", "remote-work"),
        ("Do you sponsor visas?", "visa-and-relocation"),
        ("how many rounds are there", "interview-rounds"),
        ("what does the team structure look like", "squad-model"),
        ("what are the next steps", "next-steps"),
        ("um which tools would i work with here", "technology-stack"),
    ],
)
async def test_a_question_close_to_a_known_one_is_answered_by_its_fact(
    deps: Deps, question: str, fact: str
) -> None:
    answer = {f.id: f.answer for f in deps.guide.facts}[fact]
    assert await fact_for(question, deps) == answer


@pytest.mark.parametrize("question", ["what is the salary", "who founded the company", "do you like jazz"])
async def test_what_no_fact_covers_is_not_made_up(deps: Deps, question: str) -> None:
    assert await fact_for(question, deps) is None


async def test_search_finds_a_fact_but_never_gives_away_a_point(deps: Deps) -> None:
    def passage(kind: str, source: str, score: float) -> Passage:
        values = {
            "topic": GUIDE,
            "stage": GUIDE,
            "kind": kind,
            "source": source,
            "score": score,
            "passage": "?",
        }
        return Passage.model_validate(values)

    point, fact = passage("point", "cold-start/p1", 0.95), passage("fact", "facts/remote-work", 0.7)
    question = "could my desk be in another country"
    found = await fact_for(question, replace(deps, search=FakeSearch([point, fact])))
    assert found == {f.id: f.answer for f in deps.guide.facts}["remote-work"]
    far = passage("fact", "facts/remote-work", 0.2)
    assert await fact_for(question, replace(deps, search=FakeSearch([point, far]))) is None


@pytest.mark.parametrize(
    ("said", "project"),
    [
        ("At my last job I built a playlist ranker for mobile", "the playlist ranker"),
        (
            "i led the podcast search pipeline and i own the podcast search pipeline",
            "the podcast search pipeline",
        ),
        ("I built a whole new system", None),
        ("we were late and it rained", None),
    ],
)
def test_a_project_is_remembered_only_where_it_has_a_name(said: str, project: str | None) -> None:
    assert project_in(said) == project


def test_a_later_stage_takes_up_what_an_earlier_one_heard() -> None:
    deps = small_deps(FakeClock())
    state = answered(deps, "Two years ago I built a dough retarder service for three shops.")
    memory = remember(state)
    assert (memory["name"], memory["topics"], memory["project"]) == (
        "Ada",
        ["ovens"],
        "the dough retarder service",
    )
    told = recall(_with(state, memory=[memory]), Floor(state), deps)
    assert "the dough retarder service" in told
    assert "Ada" in told
    plain = recall(_with(state, memory=[{**memory, "project": None}]), Floor(state), deps)
    assert "ovens that fail" in plain
    assert recall(state, Floor(state), deps) == ""


def _with(state: State, **changes: object) -> State:
    return {**state, **changes}  # type: ignore[typeddict-item]  # the changes are named by the tests
