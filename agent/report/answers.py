"""The card of one answer: its levels, the quotes under them with their times, and what it left out."""

from collections import Counter
from collections.abc import Mapping, Sequence

from agent.grading import text_sha256
from agent.report.hearing import Part, parts_of
from agent.report.levels import aim, interval_of, nearest, target, worded
from agent.report.material import Material
from agent.report.models import (
    AnswerReport,
    AnswerStatus,
    MissedPoint,
    Points,
    Quote,
    RowResult,
    RubricLevel,
    Share,
    Study,
)
from agent.report.pads import code_report, sketch_of
from graphs.models import Answer, Turn
from knowledge.models import QuestionBank
from rubrics.models import Evidence, Grade, RowGrade, Rubric

STORY_RUBRIC = "star"


def answer_report(number: int, answer: Answer, material: Material) -> AnswerReport:
    texts = {turn.id: turn.text for turn in material.view.turns}
    parts = parts_of(answer, texts)
    grades = _current_grades(answer, material)
    rows = [
        _row(row, grade, rubric, answer, parts, material)
        for rubric_id, grade in sorted(grades.items(), key=_story_first)
        if (rubric := material.library.rubrics.get(rubric_id))
        for row in _in_order(grade, rubric)
    ]
    levels = [
        _rubric_level(grade, material.library.rubrics[rubric_id], rows)
        for rubric_id, grade in sorted(grades.items(), key=_story_first)
        if rubric_id in material.library.rubrics
    ]
    status, reason, mend = _standing(answer, grades, levels, material)
    topic = material.library.topics.get(answer.topic)
    return AnswerReport(
        number=number,
        id=answer.id,
        stage=answer.stage,
        topic=answer.topic,
        topic_title=topic.title if topic else answer.topic,
        question=answer.question,
        question_text=answer.question_text,
        probes=_probes(answer, material.view.turns),
        status=status,
        reason=reason,
        mend=mend,
        words=len(answer.text.split()),
        at_s=material.hearing.at_s(parts[0].turn, 0) if parts else None,
        levels=levels,
        rows=rows,
        shares=_shares(answer.text, [row for row in rows if row.rubric == STORY_RUBRIC]),
        points=_points(answer, material),
        practise=_practise(answer, status, material.library.banks),
        study=_study(answer.question, material.library.banks),
        flags=sorted({flag for grade in grades.values() for flag in grade.flags}),
        code=code_report(answer, material.grades.get(answer.id) if grades else None, material),
        sketch=sketch_of(answer),
    )


def is_stale(answer: Answer, material: Material) -> bool:
    """Whether the answer was added to after it had been graded."""
    graded = material.grades.get(answer.id)
    return graded is not None and graded.text_sha256 != text_sha256(answer)


def _current_grades(answer: Answer, material: Material) -> Mapping[str, Grade]:
    graded = material.grades.get(answer.id)
    return {} if graded is None or is_stale(answer, material) else graded.grades


def _story_first(item: tuple[str, Grade]) -> tuple[bool, str]:
    return item[0] != STORY_RUBRIC, item[0]


def _in_order(grade: Grade, rubric: Rubric) -> list[str]:
    return [row.id for row in rubric.rows if row.id in grade.rows]


def _row(
    row_id: str, grade: Grade, rubric: Rubric, answer: Answer, parts: Sequence[Part], material: Material
) -> RowResult:
    row = next(row for row in rubric.rows if row.id == row_id)
    graded = grade.rows[row_id]
    interval = interval_of(graded)
    now = nearest(interval.level) if interval else None
    asked = target(rubric, material.library.guide.level)
    then = aim(interval.level) if interval else None
    return RowResult(
        rubric=rubric.id,
        row=row.id,
        title=row.title,
        level=worded(interval, rubric) if interval else None,
        reason=None if interval else graded.reason or grade.reason or "the grader gave no reason",
        quotes=[_quote(e, answer, parts, material) for e in kept(graded, answer)],
        anchor=row.anchors.get(now) if now else None,
        next_level=then,
        next_anchor=row.anchors.get(then) if then else None,
        role_anchor=row.anchors.get(asked) if now and now < asked else None,
        tests=graded.tests,
    )


def kept(graded: RowGrade, answer: Answer) -> list[Evidence]:
    """The quotes that stand in the answer letter for letter, in the order in which they were said."""
    whole = [e for e in graded.evidence if e.quote and answer.text[e.start : e.end] == e.quote]
    return sorted({(e.start, e.end): e for e in whole}.values(), key=lambda e: (e.start, e.end))


def _quote(evidence: Evidence, answer: Answer, parts: Sequence[Part], material: Material) -> Quote:
    part = next((p for p in parts if p.start <= evidence.start < p.end), None)
    return Quote(
        text=evidence.quote,
        start=evidence.start,
        end=evidence.end,
        turn=part.turn if part else None,
        at_s=material.hearing.at_s(part.turn, evidence.start - part.start) if part else None,
        volunteered=part.turn == answer.parts[0] if part else None,
    )


def _rubric_level(grade: Grade, rubric: Rubric, rows: Sequence[RowResult]) -> RubricLevel:
    quotes = {(q.start, q.end) for row in rows if row.rubric == rubric.id for q in row.quotes}
    scored = grade.status == "scored" and grade.overall is not None
    return RubricLevel(
        rubric=rubric.id,
        level=worded(grade.overall, rubric) if scored and grade.overall else None,
        reason=None if scored else grade.reason or "the grader gave no reason",
        answers=int(scored),
        quotes=len(quotes),
    )


def _standing(
    answer: Answer, grades: Mapping[str, Grade], levels: Sequence[RubricLevel], material: Material
) -> tuple[AnswerStatus, str | None, str | None]:
    """How far the answer is graded, why no further, and what to do about it."""
    again = f"soundcheck report {material.info.id}"
    if answer.skipped:
        return (
            "skipped",
            "you skipped this question",
            "say it aloud once: the questions below show what it asks for",
        )
    if not answer.complete:
        carry_on = f"carry on with: soundcheck sessions resume {material.info.id}"
        return "open", "the interview stopped while this question was open", carry_on
    if not grades:
        why = "you added to this answer after it had been graded" if is_stale(answer, material) else None
        return "not-graded", why or "it has not been graded yet", f"grade it with: {again}"
    reasons = [level.reason for level in levels if level.reason]
    if not levels:
        return "not-graded", "the rubric it was graded with is not here any more", None
    if len(reasons) == len(levels):
        failed = any("unavailable" in reason for reason in reasons)
        return "not-graded", reasons[0], f"grade it again with: {again}" if failed else _retry(answer)
    return (
        ("partly-graded", reasons[0], f"grade it again with: {again}") if reasons else ("graded", None, None)
    )


def _retry(answer: Answer) -> str:
    return f"answer it again: soundcheck type --topics {answer.topic}"


def _probes(answer: Answer, turns: Sequence[Turn]) -> list[str]:
    """What the interviewer asked to follow up, between the first and the last part of the answer."""
    return [
        turn.text
        for turn in turns
        if turn.kind == "probe" and turn.question == answer.question and turn.stage == answer.stage
    ]


def _shares(text: str, rows: Sequence[RowResult]) -> list[Share]:
    """Words cited for each row; a word cited for several rows is divided between them."""
    starts = _word_starts(text)
    cited = [{s for q in row.quotes for s in starts if q.start <= s < q.end} for row in rows]
    times = Counter(start for own in cited for start in own)
    shares = []
    for row, own in zip(rows, cited, strict=True):
        words = sum(1 / times[start] for start in own)
        share = round(words / max(1, len(starts)), 3)
        shares.append(Share(row=row.row, title=row.title, words=round(words), share=share))
    return shares if times else []


def _word_starts(text: str) -> list[int]:
    return [i for i, c in enumerate(text) if not c.isspace() and (i == 0 or text[i - 1].isspace())]


def _points(answer: Answer, material: Material) -> Points | None:
    cover = material.cover.get(answer.id)
    if cover is None or not cover.similarity or cover.text_sha256 != text_sha256(answer):
        return None
    missed = [
        point
        for point_id, similarity in sorted(cover.similarity.items(), key=lambda item: item[1])
        if similarity < cover.covered_from
        for point in _missed(point_id, similarity, material)
    ]
    invited = len(cover.similarity)
    covered = sum(s >= cover.covered_from for s in cover.similarity.values())
    return Points(invited=invited, covered=covered, missed=missed)


def _missed(point_id: str, similarity: float, material: Material) -> list[MissedPoint]:
    topic = material.library.topics.get(point_id.partition("/")[0])
    point = next((p for p in topic.points if f"{topic.id}/{p.id}" == point_id), None) if topic else None
    if topic is None or point is None:
        return []
    return [
        MissedPoint(
            id=point_id,
            topic_title=topic.title,
            text=point.text,
            why=point.why,
            similarity=round(similarity, 3),
        )
    ]


def _practise(answer: Answer, status: AnswerStatus, banks: Mapping[str, QuestionBank]) -> list[str]:
    bank = banks.get(answer.topic)
    if bank is None or status not in ("skipped", "open"):
        return []
    question = next((q for q in bank.questions if f"{bank.topic}/{q.id}" == answer.question), None)
    return [asked[0] for asked in question.follow_ups.values()] if question else []


def _study(question: str, banks: Mapping[str, QuestionBank]) -> Study | None:
    topic, _, short = question.partition("/")
    bank = banks.get(topic)
    if bank is None or bank.study.question != short:
        return None
    return Study(senior=bank.study.senior, staff=bank.study.staff, above_staff=bank.study.above_staff)
