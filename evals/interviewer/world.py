"""Reads from a guide's content what the evaluator has to know."""

from collections.abc import Iterable, Mapping

from evals.interviewer.record import Asked, World, plain, sentences_of
from graphs.deps import Deps
from graphs.questions import item
from knowledge.loader import Content
from rubrics.models import Rubric


def world_of(content: Content, rubrics: Mapping[str, Rubric]) -> World:
    questions = _questions(content)
    facts = [fact.answer for fact in content.guide.facts]
    asked = [text for q in questions.values() for text in (q.text, *_all(q.follow_ups))]
    return World(
        questions=questions,
        written=frozenset(plain(s) for text in (*asked, *facts) for s in sentences_of(text)),
        secret={topic: plain(" . ".join(_secrets(content, topic))) for topic in content.topics},
        terms={topic.id: tuple(map(plain, topic.terms)) for topic in content.topics.values()},
        rubrics=rubrics,
    )


def _questions(content: Content) -> dict[str, Asked]:
    deps = Deps(content.guide, content.topics, content.banks, problems=content.problems)
    ids = [f"{topic}/{q.id}" for topic, bank in content.banks.items() for q in bank.questions]
    ids += [f"{problem.topic}/{problem.id}" for problem in content.problems.values()]
    found = {name: item(deps, name) for name in ids}
    return {
        name: Asked(i.text, i.rows, i.follow_ups, i.is_problem) for name, i in found.items() if i is not None
    }


def _secrets(content: Content, topic: str) -> Iterable[str]:
    """Points, mistakes, model answers and solutions."""
    for point in content.topics[topic].points:
        yield from (point.text, point.why)
    yield from content.topics[topic].mistakes
    if bank := content.banks.get(topic):
        yield from (*bank.study.senior, *bank.study.staff, *bank.study.above_staff)
    for problem in content.problems.values():
        if problem.topic == topic:
            yield from (*problem.talking_points, problem.complexity)


def _all(follow_ups: Mapping[str, Iterable[str]]) -> list[str]:
    return [text for texts in follow_ups.values() for text in texts]
