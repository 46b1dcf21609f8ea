"""Search with the real embedding model: a sample of what `soundcheck eval retrieval` measures in full."""

from collections.abc import Iterator

import numpy as np
import pytest

from agent.knowledge import index_is_current, open_embedding, open_index
from agent.settings import Settings
from evals.retrieval import load_utterances
from knowledge.index import Index
from knowledge.loader import Content
from knowledge.models import COVERED

pytestmark = pytest.mark.models


@pytest.fixture(scope="module")
def index(content: Content) -> Iterator[Index]:
    """This machine's own index; built where it is not current."""
    opened = open_index(Settings(_env_file=None), content)  # type: ignore[call-arg]  # pydantic's own
    yield opened
    opened.close()


def test_every_fifth_utterance_finds_its_topic_among_the_first_three(index: Index) -> None:
    said = load_utterances()[::5]
    missed = [u.id for u in said if u.topic not in {hit.topic for hit in index.topics(u.text, limit=3)}]
    assert len(missed) <= 2, missed


def test_an_opened_index_is_known_to_be_current(index: Index, settings: Settings, content: Content) -> None:
    assert index_is_current(settings, content)


def test_a_point_said_in_other_words_is_covered_and_another_is_not(index: Index) -> None:
    answer = (
        "We took the sound of each new upload and predicted where it would lie among songs that people know. "
        "so that gave us a vector before anybody had played it"
    )
    covered = index.coverage(answer, ["cold-start/p2", "cold-start/p9"])
    assert covered["cold-start/p2"] >= COVERED > covered["cold-start/p9"]


def test_a_candidates_question_finds_the_fact(index: Index) -> None:
    (hit, *_) = index.search("could you sponsor a visa for me", limit=3)
    assert (hit.kind, hit.source) == ("fact", "guide/visa-and-relocation")


def test_vectors_are_those_of_the_published_model(settings: Settings) -> None:
    """Reference similarities as shown on the model's own page."""
    texts = [
        "That is a happy person",
        "That is a happy dog",
        "That is a very happy person",
        "Today is a sunny day",
    ]
    vectors = open_embedding(settings).embed(texts)
    assert vectors[0] @ vectors.T == pytest.approx([1.0, 0.695, 0.943, 0.257], abs=0.01)


def test_a_text_has_the_same_vector_alone_and_in_a_batch(settings: Settings) -> None:
    embedding = open_embedding(settings)
    texts = ["short", "a sentence of middling length about two towers", "word " * 400]
    together = embedding.embed(texts)
    alone = np.concatenate([embedding.embed([text]) for text in texts])
    assert (together * alone).sum(axis=1) == pytest.approx([1.0, 1.0, 1.0], abs=0.01)
