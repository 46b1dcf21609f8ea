"""Grades what candidates of scripts have answered and nobody has graded yet; a candidate never waits for it."""

from collections.abc import Callable, Sequence

from agent.desk.answers import view_of
from agent.desk.screenings import Desk, Screening
from agent.grading import GradingDesk, read_grades
from agent.settings import Settings
from agent.wiring import open_workplace


async def ungraded(settings: Settings, screenings: Sequence[Screening]) -> list[tuple[Screening, int]]:
    """Finished conversations with the number of their answers that wait for a grade."""
    found = []
    for screening in screenings:
        if screening.consent is None:
            continue
        view = await view_of(settings, screening)
        waiting = [a for a in view.answers if a.rows and a.complete and not a.skipped]
        have = read_grades(screening.session)
        if view.finished and (left := sum(a.id not in have for a in waiting)):
            found.append((screening, left))
    return found


async def grade_missing(settings: Settings, desk: Desk, progress: Callable[[int, int], None]) -> int:
    """Grade everything that waits; the number of answers. Loads the models only where something does."""
    waiting = await ungraded(settings, desk.all())
    total = sum(left for _, left in waiting)
    if not total:
        return 0
    done = 0
    async with open_workplace(settings) as workplace:
        for screening, number in waiting:
            view = await view_of(settings, screening)
            with screening.session.locked():
                grading = GradingDesk(screening.session, workplace.grader, workplace.runs)
                grading.submit([answer for answer in view.answers if answer.rows])
                await grading.finish(_counting(progress, done + number, total))
                await grading.close()
            done += number
    progress(total, total)
    return total


def _counting(progress: Callable[[int, int], None], until: int, total: int) -> Callable[[int], None]:
    return lambda left: progress(until - left, total)
