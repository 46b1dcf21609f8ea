from pathlib import Path

import pytest

from graphs.errors import LoopError
from graphs.loops import load_loop, shipped_loops
from graphs.plan import make_plan
from knowledge.loader import Content


def test_every_shipped_loop_makes_a_plan(content: Content) -> None:
    assert set(shipped_loops()) >= {"full", "onsite", "screen", "practice", "demo"}
    for name in shipped_loops():
        assert make_plan(load_loop(name), content.guide, seed=1).stages


def test_the_full_loop_has_the_stages_and_lengths_of_the_guide(content: Content) -> None:
    plan = make_plan(load_loop("full"), content.guide)
    assert [stage.id for stage in plan.stages] == [stage.id for stage in content.guide.stages]
    assert [stage.budget_s / 60 for stage in plan.stages] == [s.minutes for s in content.guide.stages]
    assert [stage.topics for stage in plan.stages] == [stage.topics for stage in content.guide.stages]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (("minutes: 30", "minutes: 0"), "stages.0.minutes"),
        (("patience_s: 1.0", "patience: 1.0"), "stages.0.patience"),
        (("about:", "summary:"), "about"),
        (("name: Robin, ", ""), "stages.0.interviewer.name"),
    ],
)
def test_a_wrong_loop_file_names_file_field_and_fix(
    tmp_path: Path, change: tuple[str, str], field: str
) -> None:
    good = Path("graphs/loops/screen.yaml")
    text = (Path(__file__).parent.parent / good).read_text(encoding="utf-8")
    assert change[0] in text
    path = tmp_path / "mine.yaml"
    path.write_text(text.replace(*change), encoding="utf-8")
    with pytest.raises(LoopError) as error:
        load_loop(path)
    assert str(path) in str(error.value)
    assert f" {field}:" in str(error.value)
    assert "fix:" in str(error.value)


@pytest.mark.parametrize(
    ("text", "part"), [("stages: [", "not valid YAML"), ("", "file"), (None, "No such file")]
)
def test_an_unreadable_loop_file_is_named(tmp_path: Path, text: str | None, part: str) -> None:
    path = tmp_path / "mine.yaml"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    with pytest.raises(LoopError, match=part):
        load_loop(path)


def test_an_unknown_loop_names_the_shipped_ones() -> None:
    with pytest.raises(LoopError, match="practice"):
        load_loop("everything")


def test_a_run_takes_stages_topics_questions_and_time(content: Content) -> None:
    plan = make_plan(
        load_loop("full"),
        content.guide,
        stages=["domain-depth", "behavioral"],
        topics=["cold-start", "feedback"],
        questions=2,
        minutes=20,
    )
    assert [(s.id, s.topics, s.questions) for s in plan.stages] == [
        ("domain-depth", ["cold-start"], 2),
        ("behavioral", ["feedback"], 2),
    ]
    assert plan.budget_s == 20 * 60


def test_practice_draws_one_topic_by_the_seed(content: Content) -> None:
    plans = [make_plan(load_loop("practice"), content.guide, seed=seed) for seed in range(12)]
    assert all(len(plan.stages) == 1 and len(plan.stages[0].topics) == 1 for plan in plans)
    assert all(plan.budget_s == 600 for plan in plans)
    assert len({plan.stages[0].topics[0] for plan in plans}) > 4
    named = make_plan(load_loop("practice"), content.guide, topics=["cold-start"])
    assert named.stages[0].topics == ["cold-start"]


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"stages": ["lunch"]}, "stages: lunch"),
        ({"topics": ["cold-start"], "stages": ["behavioral"]}, "topics: cold-start"),
        ({"questions": 0}, "questions: 0"),
        ({"minutes": 0}, "minutes: 0"),
    ],
)
def test_what_a_run_cannot_have_is_refused(content: Content, asked: dict[str, object], field: str) -> None:
    with pytest.raises(LoopError, match=field):
        make_plan(load_loop("full"), content.guide, **asked)  # type: ignore[arg-type]  # keyword by name
