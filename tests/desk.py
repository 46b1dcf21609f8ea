"""A desk with one candidate who has answered a whole script, without a model."""

import asyncio
from pathlib import Path

from agent.desk.review import Review
from agent.desk.screenings import Desk, Screening
from agent.grading import GradedAnswer, text_sha256
from agent.sessions import append_durably
from agent.settings import Settings
from graphs.deps import Deps
from graphs.interview import Interview
from graphs.models import View
from graphs.storage import open_saver
from knowledge.loader import Content
from knowledge.screening.loader import LoadedScript, load_script
from rubrics.models import Evidence, Grade, Interval, RowGrade

SECRET = "marmalade lighthouse"
"""Said by the candidate, and looked for on the disk."""
ANSWER = f"I built the {SECRET} ranking for five years, and in the end sales rose by two percent."


def desk_at(folder: Path) -> Desk:
    return Desk(Settings(data_dir=folder / "data", cache_dir=folder / "cache"))


def script() -> LoadedScript:
    return load_script("recruiter-screen-staff-ml")


async def screened(
    desk: Desk,
    content: Content,
    candidate: str = "C-017",
    *,
    consent: str = "Yes, I agree.",
    answers: int = 99,
) -> tuple[Screening, View]:
    """A candidate who answers so many questions and skips the others. The stored interview is a real one."""
    screening = desk.invite(script(), candidate, mode="typed", by="Robin Vale")
    deps = Deps(guide=content.guide, topics=content.topics, banks=content.banks)
    async with open_saver(screening.session.database) as saver:
        interview = await Interview.open(saver, deps, session=screening.id, plan=screening.plan)
        [u async for u in interview.begin()]
        replies = [consent, "Yes.", "Yes."]
        for number in range(60):
            view = await interview.view()
            if view.finished:
                break
            last = view.turns[-1]
            if last.kind == "invitation":
                text = "No, that's all, thank you."
            elif number < len(replies):
                text = replies[number]
            else:
                given = len({a.question for a in view.answers if a.rows and not a.skipped})
                text = ANSWER if given < answers or last.kind == "probe" else "Skip this one, please."
            [u async for u in interview.hear(text, turn=f"c{number}")]
        view = await interview.view()
        await interview.close()
    return desk.note_consent(screening, view) or screening, view


def graded(screening: Screening, view: View, level: float = 4.0) -> None:
    """Grades as the machine leaves them, each with a quote."""
    for answer in view.answers:
        if not answer.rows or answer.skipped:
            continue
        quote = Evidence(
            quote=SECRET, start=answer.text.index(SECRET), end=answer.text.index(SECRET) + len(SECRET)
        )
        row = RowGrade.scored(Interval(level=level, low=level - 0.5, high=level + 0.5), [quote])
        rows = {each.partition(".")[2]: row for each in answer.rows}
        grade = Grade(
            id=answer.id, status="scored", reason=None, overall=None, rows=rows,
            rubric_version="screen@1", model="fake", flags=[],
        )  # fmt: skip
        line = GradedAnswer(answer=answer.id, text_sha256=text_sha256(answer), grades={"screen": grade})
        append_durably(screening.session.folder / "grades.jsonl", line)


def rate_all(review: Review, level: int = 3) -> None:
    for answer in review.core:
        for row in review.rows(answer):
            if row.rating is None and not answer.skipped:
                review.rate(row.question, row.row, level)


def reviewed(desk: Desk, content: Content, *, by: str = "Robin Vale", answers: int = 99) -> Review:
    screening, view = asyncio.run(screened(desk, content, answers=answers))
    graded(screening, view)
    return Review(desk, screening, view, by=by)
