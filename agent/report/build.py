"""Material in, `Report` out: no file is read or written here, and the same material gives the same report."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from importlib.metadata import version
from statistics import median

from agent.report.answers import answer_report, kept
from agent.report.delivery import delivery
from agent.report.levels import RULE, target
from agent.report.material import Material
from agent.report.models import (
    AnswerReport,
    Calibration,
    Header,
    Method,
    Report,
    RubricUsed,
    StageReport,
    TranscriptQuality,
    TranscriptTurn,
)
from agent.report.moves import biggest_moves
from agent.report.practice import practice_plan
from agent.report.stages import probing, stage_reports, trend
from rubrics.loader import rubric_version

NOTICE = "Practice, not a hiring decision."
_FAIR_FROM = 0.03
_POOR_FROM = 0.10
_QUALITY_RULE = (
    "A word is doubtful where the recogniser gave it less than one half. A transcript with less than 3 % of doubtful "
    "words is called clear, below 10 % fair, otherwise poor."
)


def build_report(material: Material, *, made: datetime) -> Report:
    """Everything but the sound, which is a file of its own."""
    view = material.view
    answers = [answer_report(number, answer, material) for number, answer in enumerate(view.answers, 1)]
    stages = stage_reports(answers, material)
    moves = biggest_moves(answers, material)
    transcript = _transcript(material)
    used = _rubrics_used(answers, stages, material)
    return Report(
        schema_version="1.0",
        made=made,
        header=_header(answers, transcript, material),
        rubrics=used,
        stages=stages,
        moves=moves,
        answers=answers,
        delivery=delivery(view.answers, view.turns, material.hearing),
        probing=probing(answers, used, material.library.rubrics),
        trend=trend(stages, used, material.earlier),
        plan=practice_plan(material.info, stages, answers, moves, material.library.topics),
        transcript=transcript,
        audio=None,
        method=_method(answers, material),
        delete_command=f"soundcheck sessions delete {material.info.id}",
    )


def _header(
    answers: Sequence[AnswerReport], transcript: Sequence[TranscriptTurn], material: Material
) -> Header:
    guide, info = material.library.guide, material.info
    share = _doubtful_share(transcript, material)
    return Header(
        session=info.id,
        title=info.title,
        mode=info.mode,
        held=info.created,
        guide=guide.title,
        role=guide.role,
        level=guide.level,
        company=guide.company,
        finished=material.view.finished,
        duration_s=round(material.view.elapsed_s, 1),
        quality=_quality(share, material),
        doubtful_share=share,
        calibration=_calibration(answers),
        notice=NOTICE,
    )


def _doubtful_share(transcript: Sequence[TranscriptTurn], material: Material) -> float | None:
    said = [t for t in transcript if t.speaker == "candidate" and material.hearing.words(t.turn)]
    words = sum(len(t.text.split()) for t in said)
    return round(sum(len(t.doubtful) for t in said) / words, 3) if words else None


def _quality(share: float | None, material: Material) -> TranscriptQuality:
    if share is None:
        return "typed" if material.info.mode == "typed" else "unknown"
    if share < _FAIR_FROM:
        return "clear"
    return "fair" if share < _POOR_FROM else "poor"


def _calibration(answers: Sequence[AnswerReport]) -> Calibration:
    graded = [a for a in answers if any(level.level for level in a.levels)]
    if not graded:
        return "unknown"
    return "uncalibrated" if any("uncalibrated" in a.flags for a in graded) else "calibrated"


def _rubrics_used(
    answers: Sequence[AnswerReport], stages: Sequence[StageReport], material: Material
) -> list[RubricUsed]:
    """The rubrics that answers were graded with, in the order in which the stages name them."""
    used = {level.rubric for a in answers for level in a.levels}
    order = dict.fromkeys(level.rubric for stage in stages for level in stage.levels if level.rubric in used)
    return [
        RubricUsed(
            id=rubric.id,
            title=rubric.title,
            version=_graded_version(rubric.id, material) or rubric_version(rubric),
            levels=rubric.levels,
            target=target(rubric, material.library.guide.level),
        )
        for rubric in (material.library.rubrics[id_] for id_ in order)
    ]


def _graded_version(rubric: str, material: Material) -> str | None:
    versions = {g.grades[rubric].rubric_version for g in material.grades.values() if rubric in g.grades}
    return ", ".join(sorted(versions)) or None


def _transcript(material: Material) -> list[TranscriptTurn]:
    return [
        TranscriptTurn(
            turn=turn.id,
            speaker=turn.speaker,
            kind=turn.kind,
            stage=turn.stage,
            text=turn.text,
            at_s=material.hearing.at_s(turn.id, 0),
            doubtful=material.hearing.doubtful(turn.id) if turn.speaker == "candidate" else [],
        )
        for turn in material.view.turns
    ]


def _method(answers: Sequence[AnswerReport], material: Material) -> Method:
    used = {(row.rubric, row.row) for a in answers for row in a.rows}
    stored, refused = _quote_counts(material)
    cover = next(iter(material.cover.values()), None)
    return Method(
        soundcheck=version("soundcheck"),
        loop=material.view.loop,
        models=sorted({g.model for graded in material.grades.values() for g in graded.grades.values()}),
        checks={
            f"{rubric.id}.{row.id}": len(row.checks)
            for rubric in material.library.rubrics.values()
            for row in rubric.rows
            if (rubric.id, row.id) in used
        },
        flags=dict(
            sorted(Counter(flag for a in answers for flag in a.flags if flag != "uncalibrated").items())
        ),
        quotes=stored - refused,
        quotes_refused=refused,
        reply_s=round(median(material.replies_s), 2) if material.replies_s else None,
        level_rule=RULE,
        quality_rule=_QUALITY_RULE,
        coverage_rule=_coverage_rule(cover.covered_from) if cover else None,
        sha256=dict(material.sha256),
    )


def _quote_counts(material: Material) -> tuple[int, int]:
    by_id = {answer.id: answer for answer in material.view.answers}
    stored = refused = 0
    for graded in material.grades.values():
        if answer := by_id.get(graded.answer):
            rows = [row for grade in graded.grades.values() for row in grade.rows.values()]
            evidence = [(e.start, e.end, e.quote) for row in rows for e in row.evidence]
            found = [(e.start, e.end, e.quote) for row in rows for e in kept(row, answer)]
            stored += len(set(evidence))
            refused += len(set(evidence) - set(found))
    return stored, refused


def _coverage_rule(covered_from: float) -> str:
    return (
        "A point counts as mentioned where a sentence of the answer is similar to it by at least "
        f"{covered_from:g} (cosine of sentence embeddings, 0-1). It changes no level."
    )
