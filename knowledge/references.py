"""Whether the ids in a guide's files fit together: nothing twice, nothing that refers to what is not there."""

import difflib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from knowledge.documents import Document, Place
from knowledge.errors import Problem
from knowledge.models import CodingProblem, Guide, Phrasings, Question, QuestionBank, Topic

MOST_NAMED = 8
"""So many of the ids that exist are named where none is near to the unknown one."""

AnyTopicPart = Document[CodingProblem] | Document[Phrasings]
AnyDocument = Document[Guide] | Document[Topic] | Document[QuestionBank] | AnyTopicPart


def reference_problems(
    guide: Document[Guide] | None,
    topics: Sequence[Document[Topic]],
    banks: Sequence[Document[QuestionBank]],
    problems: Sequence[Document[CodingProblem]],
    phrasings: Sequence[Document[Phrasings]],
) -> list[Problem]:
    """Every fault found; without a guide, only those inside the single files."""
    found = [*_same_ids(topics, banks, problems, phrasings)]
    for topic in topics:
        found += _twice(topic, ("points",), [p.id for p in topic.model.points])
    by_id = {t.model.id: t.model for t in topics}
    for bank in banks:
        found += _bank(bank, by_id.get(bank.model.topic))
    if guide is not None:
        found += _stages(guide, topics)
    others: list[AnyTopicPart] = [*problems, *phrasings]
    for document in others:
        slug = document.model.topic
        if topics and slug not in by_id and not _has_file(document.path, slug):
            found.append(_unknown(document, ("topic",), document.model.topic, by_id, "topic"))
    for missing in sorted(by_id.keys() - {b.model.topic for b in banks}):
        path = next(t.path for t in topics if t.model.id == missing)
        file = path.parent.parent / "questions" / f"{missing}.yaml"
        if not file.exists():
            found.append(Problem(file, "file", f"the topic `{missing}` has no questions", "write this file"))
    return found


def _has_file(beside: Path, slug: str) -> bool:
    """Whether the topic has a file at all: one that cannot be read is complained of by itself."""
    return any((folder / "topics" / f"{slug}.yaml").exists() for folder in beside.parents[:3])


def _same_ids(
    topics: Sequence[Document[Topic]],
    banks: Sequence[Document[QuestionBank]],
    problems: Sequence[Document[CodingProblem]],
    phrasings: Sequence[Document[Phrasings]],
) -> Iterator[Problem]:
    named: list[tuple[AnyDocument, str, str, str]] = [
        *((t, "id", t.model.id, t.path.stem) for t in topics),
        *((b, "topic", b.model.topic, b.path.stem) for b in banks),
        *((p, "id", p.model.id, p.path.parent.name) for p in problems),
        *((p, "topic", p.model.topic, p.path.stem) for p in phrasings),
    ]
    first: dict[tuple[str, str], Path] = {}
    for document, field, given, name in named:
        kind = type(document.model).__name__
        if (kind, given) in first:
            other = first[kind, given]
            yield document.problem(
                (field,), f"`{given}` is already in {other}", "give each file an id of its own"
            )
        elif given != name:
            yield document.problem(
                (field,), f"`{given}` does not match the name `{name}`", "make the two the same"
            )
        first.setdefault((kind, given), document.path)


def _stages(guide: Document[Guide], topics: Sequence[Document[Topic]]) -> Iterator[Problem]:
    stages = {s.id: s for s in guide.model.stages}
    by_id = {t.model.id: t.model for t in topics}
    yield from _twice(guide, ("stages",), [s.id for s in guide.model.stages])
    yield from _twice(guide, ("facts",), [f.id for f in guide.model.facts])
    home: dict[str, str] = {}
    for i, stage in enumerate(guide.model.stages):
        for j, slug in enumerate(stage.topics):
            place: Place = ("stages", i, "topics", j)
            file = guide.path.parent / "topics" / f"{slug}.yaml"
            if slug not in by_id and not file.exists():
                yield _unknown(guide, place, slug, by_id, "topic")
            if slug in home:
                message = f"`{slug}` already belongs to the stage `{home[slug]}`"
                yield guide.problem(place, message, "list each topic in one stage")
            home.setdefault(slug, stage.id)
    for topic in topics:
        slug, stage_id = topic.model.id, topic.model.stage
        if stage_id not in stages:
            yield _unknown(topic, ("stage",), stage_id, stages, "stage")
        elif home.get(slug) != stage_id:
            message = f"the stage `{stage_id}` of {guide.path.name} does not list `{slug}`"
            yield topic.problem(("stage",), message, f"add `{slug}` to the topics of `{stage_id}`")


def _bank(bank: Document[QuestionBank], topic: Topic | None) -> Iterator[Problem]:
    questions = bank.model.questions
    yield from _twice(bank, ("questions",), [q.id for q in questions])
    if bank.model.study.question not in {q.id for q in questions}:
        known = [q.id for q in questions]
        yield _unknown(bank, ("study", "question"), bank.model.study.question, known, "question")
    if topic is None and not (bank.path.parent.parent / "topics" / f"{bank.model.topic}.yaml").exists():
        message = f"there is no topic `{bank.model.topic}`"
        yield bank.problem(("topic",), message, f"write topics/{bank.model.topic}.yaml, or correct the id")
    for i, question in enumerate(questions):
        yield from _rows(bank, i, question)
        if topic is not None:
            known = [p.id for p in topic.points]
            for j, point in enumerate(question.points):
                if point not in known:
                    yield _unknown(bank, ("questions", i, "points", j), point, known, "point")


def _rows(bank: Document[QuestionBank], i: int, question: Question) -> Iterator[Problem]:
    place: Place = ("questions", i, "follow_ups")
    for row in question.rows:
        if not question.follow_ups.get(row):
            yield bank.problem(
                place, f"no follow-up for the row `{row}` of {question.id}", "write two or three"
            )
    for row in question.follow_ups:
        if row not in question.rows:
            message = f"follow-ups for `{row}`, which is not among the rows of {question.id}"
            yield bank.problem((*place, row), message, f"add `{row}` to `rows`, or remove them")


def _twice(document: AnyDocument, place: Place, ids: list[str]) -> Iterator[Problem]:
    for index, given in enumerate(ids):
        if given in ids[:index]:
            yield document.problem(
                (*place, index, "id"), f"`{given}` is used twice", "give it an id of its own"
            )


def _unknown(
    document: AnyDocument,
    place: Place,
    given: str,
    known: Iterable[str],
    kind: str,
) -> Problem:
    known = sorted(known)
    near = difflib.get_close_matches(given, known, n=1)
    some = ", ".join(known[:MOST_NAMED]) + (", ..." if len(known) > MOST_NAMED else "")
    fix = f"write `{near[0]}`" if near else f"use one of: {some or 'none yet'}"
    return document.problem(place, f"there is no {kind} `{given}`", fix)
