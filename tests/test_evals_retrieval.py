from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pytest

from evals.bootstrap import mean_with_interval
from evals.coverage import Pair, load_pairs, outcomes
from evals.retrieval import PRODUCT, Utterance, evaluate, load_utterances, measure, rankers
from knowledge.loader import Content
from knowledge.wording import word_set


def utterance(topic: str, text: str = "x", **more: Any) -> Utterance:
    return Utterance(id=topic, topic=topic, speaker="candidate", text=text, split="dev", **more)


def test_hits_are_counted_by_the_place_of_the_right_topic() -> None:
    said = [utterance(topic) for topic in "abcd"]
    result = measure("r", lambda _: ["a", "b", "c", "d"], said)
    assert result.hit_at_1.value == 0.25
    assert result.hit_at_3.value == 0.75
    assert [(miss.id, miss.rank, miss.first) for miss in result.misses] == [
        ("b", 2, ["a", "b", "c"]),
        ("c", 3, ["a", "b", "c"]),
        ("d", 4, ["a", "b", "c"]),
    ]


def test_an_ambiguous_utterance_accepts_another_topic_too() -> None:
    result = measure("r", lambda _: ["b", "a"], [utterance("a", accept=["b"])])
    assert result.hit_at_1.value == 1.0


def test_a_topic_that_is_not_ranked_at_all_is_a_miss() -> None:
    assert measure("r", lambda _: ["b"], [utterance("a")]).misses[0].rank == 2


def test_the_bar_needs_both_hit_rates() -> None:
    said = [utterance("a") for _ in range(10)]
    assert measure("r", lambda _: ["a"], said).passes
    assert not measure("r", lambda _: ["b", "a"], said).passes


def test_an_interval_holds_its_value_and_is_the_same_every_time() -> None:
    values = [1.0] * 80 + [0.0] * 20
    estimate = mean_with_interval(values)
    assert estimate == mean_with_interval(values)
    assert 0.7 < estimate.low < estimate.value == 0.8 < estimate.high < 0.9


def test_the_product_and_its_rivals_stand_in_one_report(content: Content) -> None:
    def views(text: str) -> Mapping[str, Mapping[str, float]]:
        scores = {topic: float(topic in text) for topic in content.topics}
        return dict.fromkeys(("all", "near", "learned", "words"), scores)

    def embed(texts: Sequence[str]) -> np.ndarray[Any, np.dtype[np.float32]]:
        return np.ones((len(texts), 2), dtype=np.float32)

    said = [utterance("cold-start", "cold-start"), utterance("feedback", "mentorship")]
    report = evaluate(rankers(views, embed, list(content.topics.values()), said), said)
    assert report.product.hit_at_1.value == 0.5
    shown = report.as_dict()
    assert shown["passed"] is False
    assert next(r["ranker"] for r in shown["rankers"]) == PRODUCT
    assert "MiniLM on topic summaries" in {r["ranker"] for r in shown["rankers"]}


def test_coverage_is_judged_on_sentences_and_on_long_answers() -> None:
    pairs = [
        Pair(id="1", point="t/p1", covered=True, said="yes"),
        Pair(id="2", point="t/p1", covered=False, said="no"),
    ]
    similarities = {"yes": 0.9, "no": 0.4}
    (outcome,) = outcomes(lambda said, points: {points[0]: similarities[said]}, pairs, [0.5])
    assert (outcome.found, outcome.false_alarms, outcome.false_alarms_long) == (1.0, 0.0, 0.0)


def test_the_utterances_cover_every_topic_and_both_halves(content: Content) -> None:
    said = load_utterances()
    assert len(said) >= 140
    assert len({u.id for u in said}) == len({u.text for u in said}) == len(said)
    for topic in content.topics:
        assert sum(u.topic == topic for u in said) >= 3, topic
    assert {u.topic for u in said} == set(content.topics)
    assert len(load_utterances("dev")) + len(load_utterances("test")) == len(said)


def test_the_pairs_name_points_that_exist(content: Content) -> None:
    points = {f"{topic.id}/{point.id}" for topic in content.topics.values() for point in topic.points}
    assert {pair.point for pair in load_pairs()} <= points


def test_no_phrasing_and_no_question_repeats_an_utterance(content: Content) -> None:
    said = load_utterances()
    known = [text for p in content.phrasings.values() for text in p.phrasings]
    known += [question.text for bank in content.banks.values() for question in bank.questions]
    sets = [(text, word_set(text)) for text in known]
    for utterance_ in said:
        words = word_set(utterance_.text)
        assert [text for text, own in sets if len(words & own) > 0.5 * len(words | own)] == [], utterance_.id


@pytest.mark.parametrize("split", ["dev", "test"])
def test_a_split_holds_only_its_own(split: str) -> None:
    assert {u.split for u in load_utterances(split)} == {split}  # type: ignore[arg-type]  # parametrised
