"""What to practise on which day: the moves' drills first, a fresh question of the same topic, then the stage again."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from agent.report.models import AnswerReport, Move, PlanItem, StageReport
from agent.sessions import SessionInfo
from knowledge.models import Topic

_DRILL_DAYS = (1, 2, 4)
_FRESH_DAY = 3
_READ_DAY = 5
_AGAIN_DAY = 7
_MOST_POINTS = 5


def practice_plan(
    info: SessionInfo,
    stages: Sequence[StageReport],
    answers: Sequence[AnswerReport],
    moves: Sequence[Move],
    topics: Mapping[str, Topic],
) -> list[PlanItem]:
    """A week from the day of the session. Short, spaced, and each item with the command that starts it."""
    held = info.created.astimezone().date()
    how = "type" if info.mode == "typed" else "talk"
    items = [
        *_unfinished(held, info, answers),
        *(_drill(held + timedelta(days=day), move) for day, move in zip(_DRILL_DAYS, moves, strict=False)),
        *_fresh_question(held + timedelta(days=_FRESH_DAY), how, answers, moves),
        *_reading(held + timedelta(days=_READ_DAY), answers, topics),
        *_again(held, how, stages),
    ]
    return sorted(items, key=lambda item: item.on)


def _unfinished(held: date, info: SessionInfo, answers: Sequence[AnswerReport]) -> list[PlanItem]:
    left = [a for a in answers if a.status == "open"]
    if not left:
        return []
    return [
        PlanItem(
            on=held + timedelta(days=1),
            title="Finish this interview",
            minutes=15,
            steps=[
                f"It stopped at question {left[0].number}. Nothing you said is lost; it goes on from there."
            ],
            command=f"soundcheck sessions resume {info.id}",
        )
    ]


def _drill(on: date, move: Move) -> PlanItem:
    steps = [move.drill]
    if any(piece.quote for piece in move.better):
        steps.append(
            f"Then tell answer {move.number} once more in the order shown above, and fill the gaps you can fill."
        )
    return PlanItem(on=on, title=f"Drill: {move.title}", minutes=10, steps=steps, command=None)


def _fresh_question(
    on: date, how: str, answers: Sequence[AnswerReport], moves: Sequence[Move]
) -> list[PlanItem]:
    ids = {move.answer for move in moves[:1]} or {a.id for a in answers if a.status == "skipped"}
    topic = next(((a.topic, a.topic_title) for a in answers if a.id in ids), None)
    if topic is None:
        return []
    return [
        PlanItem(
            on=on,
            title=f"A fresh question: {topic[1]}",
            minutes=10,
            steps=["One question of the topic with the biggest move. Say skip if it is one you know."],
            command=f"soundcheck {how} --topics {topic[0]} --questions 1",
        )
    ]


def _reading(on: date, answers: Sequence[AnswerReport], topics: Mapping[str, Topic]) -> list[PlanItem]:
    missed = sorted(
        ((len(a.points.missed), a) for a in answers if a.points and a.points.missed),
        key=lambda pair: (-pair[0], pair[1].number),
    )
    if not missed:
        return []
    count, answer = missed[0]
    return [
        PlanItem(
            on=on,
            title=f"Read up: {answer.topic_title}",
            minutes=15,
            steps=[
                f"Answer {answer.number} left out {count} of the {answer.points.invited if answer.points else 0} "
                f"points its question invites. For {min(count, _MOST_POINTS)} of them, say aloud where in your own "
                "work you met it, or that you have not.",
                *(f"Further reading: {title}" for title in _titles(topics.get(answer.topic))),
            ],
            command=None,
        )
    ]


def _titles(topic: Topic | None) -> list[str]:
    return topic.reading[:2] if topic else []


def _again(held: date, how: str, stages: Sequence[StageReport]) -> list[PlanItem]:
    graded = [
        (stage.levels[0].level.level, stage) for stage in stages if stage.levels and stage.levels[0].level
    ]
    if not graded:
        return [
            PlanItem(
                on=held + timedelta(days=1),
                title="The same stage again" if stages else "A first interview",
                minutes=15,
                steps=[
                    "Nothing could be graded this time. Answer at least two questions out loud, a minute each."
                ],
                command=f"soundcheck {how} --stages {stages[0].id}" if stages else f"soundcheck {how}",
            )
        ]
    stage = min(graded, key=lambda pair: pair[0])[1]
    return [
        PlanItem(
            on=held + timedelta(days=_AGAIN_DAY),
            title=f"The stage again: {stage.title}",
            minutes=30,
            steps=["With other questions; the next report sets it beside today's."],
            command=f"soundcheck {how} --stages {stage.id}",
        )
    ]
