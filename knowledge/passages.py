"""What of a guide is searched for: one entry for each thing that a sentence of an interview may come near to."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass
from typing import Literal

from knowledge.loader import Content
from knowledge.models import GUIDE, Fact, Topic

Kind = Literal["topic", "point", "question", "study", "fact", "phrasing"]


@dataclass(frozen=True)
class Entry:
    """`text` is embedded, `passage` is shown, `source` names the thing; several entries may share a source."""

    id: str
    source: str
    kind: Kind
    topic: str
    stage: str
    text: str
    passage: str


def entries_of(content: Content) -> list[Entry]:
    found = [entry for topic in content.topics.values() for entry in _of_topic(topic, content)]
    return found + [entry for fact in content.guide.facts for entry in _of_fact(fact)]


def digest_of(entries: Sequence[Entry]) -> str:
    """Changes with every change of the content that a search could show or find."""
    return hashlib.sha256(json.dumps([astuple(entry) for entry in entries]).encode()).hexdigest()


def _of_topic(topic: Topic, content: Content) -> Iterator[Entry]:
    def entry(kind: Kind, text: str, name: str = "", source: str = "") -> Entry:
        own = f"{topic.id}/{name}" if name else topic.id
        return Entry(own, source or own, kind, topic.id, topic.stage, text, text)

    yield entry("topic", f"{topic.title}. {topic.summary}")
    for point in topic.points:
        yield entry("point", point.text, point.id)
    if bank := content.banks.get(topic.id):
        for question in bank.questions:
            yield entry("question", question.text, question.id)
        levels = {
            "senior": bank.study.senior,
            "staff": bank.study.staff,
            "above-staff": bank.study.above_staff,
        }
        for level, outline in levels.items():
            for number, text in enumerate(outline, 1):
                yield entry("study", text, f"{bank.study.question}/{level}/{number}")
    if said := content.phrasings.get(topic.id):
        for number, text in enumerate(said.phrasings, 1):
            yield entry("phrasing", text, f"phrasing/{number}", topic.id)


def _of_fact(fact: Fact) -> Iterator[Entry]:
    """The answer is what is shown; the ways of asking for it are what a candidate's question comes near to."""
    source = f"{GUIDE}/{fact.id}"
    for number, text in enumerate([fact.answer, *fact.ask]):
        yield Entry(f"{source}/{number}", source, "fact", GUIDE, GUIDE, text, fact.answer)
