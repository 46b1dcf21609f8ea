"""Grades one answer by a rubric: gates, atomic checks read from log-odds, verified quotes, levels in code."""

from collections.abc import Callable, Collection, Mapping, Sequence

from rubrics import prompts
from rubrics.asking import Asker
from rubrics.errors import LanguageModelUnavailable
from rubrics.gates import Screened, screen
from rubrics.language import LanguageModel
from rubrics.levels import Levels, UncalibratedLevels
from rubrics.loader import rubric_version
from rubrics.models import Evidence, Grade, GradeRequest, Interval, Row, RowGrade, Rubric
from rubrics.trace import CheckTrace, GradeTrace

Progress = Callable[[int, int], None]
"""Hears how many rows are done, and of how many."""

UNAVAILABLE = "unavailable"
"""How the reason begins where the language model failed: such an answer is worth grading again."""
_FLOOR = Interval(level=1.0, low=1.0, high=1.5)
_UNCALIBRATED = UncalibratedLevels()


def _quiet(done: int, of: int) -> None: ...


class Grader:
    """Grades answers with one language model. Safe to call concurrently, one answer each.

    `levels` holds, by rubric version, what was fitted for this model; other rubrics are graded uncalibrated.
    """

    def __init__(
        self,
        language: LanguageModel,
        rubrics: Mapping[str, Rubric],
        *,
        levels: Mapping[str, Levels] | None = None,
    ) -> None:
        self._language = language
        self._rubrics = dict(rubrics)
        self._levels = dict(levels or {})
        self._asker = Asker(language)

    @property
    def rubrics(self) -> Mapping[str, Rubric]:
        return self._rubrics

    @property
    def model(self) -> str:
        return self._language.name

    async def grade(
        self, request: GradeRequest, *, rows: Collection[str] | None = None, progress: Progress = _quiet
    ) -> Grade:
        """Grade the `rows` named (without the rubric's name), or all. A failing model makes a grade `unscored`."""
        return (await self.grade_with_trace(request, rows=rows, progress=progress)).grade

    async def grade_with_trace(
        self, request: GradeRequest, *, rows: Collection[str] | None = None, progress: Progress = _quiet
    ) -> GradeTrace:
        """As `grade`, with every number behind it."""
        rubric = self._rubrics.get(request.rubric)
        if rubric is None:
            reason = f"there is no rubric {request.rubric!r}: use one of {', '.join(self._rubrics)}"
            return self._unread(request, request.rubric, [], _unscored(reason), [])
        graded = [row for row in rubric.rows if rows is None or row.id in rows]
        names, version = [row.id for row in graded], rubric_version(rubric)
        if not graded:
            reason = f"the rubric {rubric.id!r} has none of the rows asked for"
            return self._unread(request, version, [], _unscored(reason), [])
        screened = screen(request.question, request.answer)
        if screened.outcome == "unscored":
            return self._unread(request, version, names, _unscored(screened.reason), screened.flags)
        if screened.outcome == "floor":
            return self._unread(request, version, names, _scored(_FLOOR, screened.reason, []), screened.flags)
        try:
            return await self._read(request, version, graded, screened, progress)
        except LanguageModelUnavailable as error:
            reason = f"{UNAVAILABLE}: {error}"
            return self._unread(request, version, names, _unscored(reason), screened.flags)

    async def _read(
        self, request: GradeRequest, version: str, rows: Sequence[Row], screened: Screened, progress: Progress
    ) -> GradeTrace:
        """Let the model read the answer, and combine what it says of it."""
        sentences, flags = screened.readable, [*map(str, screened.flags)]
        await self._asker.learn_priors([check.ask for row in rows for check in row.checks])
        read = prompts.reading(request.question, request.answer, sentences)
        measured = {}
        for done, row in enumerate(rows):
            progress(done, 2 * len(rows))
            measured[row.id] = [await self._asker.check(read, row, check) for check in row.checks]
        for done, row in enumerate(rows, start=len(rows)):
            progress(done, 2 * len(rows))
            measured[row.id] = await self._asker.with_quotes(request, sentences, row, measured[row.id])
        progress(2 * len(rows), 2 * len(rows))
        levels = self._levels.get(version, _UNCALIBRATED)
        if not levels.calibrated:
            flags.append("uncalibrated")
        intervals = {row.id: levels.row(row, measured[row.id]) for row in rows}
        grades = {id_: _scored(level, None, _evidence(measured[id_])) for id_, level in intervals.items()}
        grade = self._grade(request, version, levels.overall(intervals), None, grades, flags)
        return _trace(grade, [check for checks in measured.values() for check in checks])

    def _unread(
        self, request: GradeRequest, version: str, rows: Sequence[str], each: RowGrade, flags: Sequence[str]
    ) -> GradeTrace:
        """A grade that needed no reading: all rows are alike."""
        overall = _FLOOR if each.status == "scored" else None
        grades = dict.fromkeys(rows, each)
        return _trace(self._grade(request, version, overall, each.reason, grades, flags), [])

    def _grade(
        self,
        request: GradeRequest,
        version: str,
        overall: Interval | None,
        reason: str | None,
        rows: Mapping[str, RowGrade],
        flags: Sequence[str],
    ) -> Grade:
        return Grade(
            id=request.id,
            status="unscored" if overall is None else "scored",
            reason=reason,
            overall=overall,
            rows=dict(rows),
            rubric_version=version,
            model=self.model,
            flags=list(flags),
        )


def _trace(grade: Grade, checks: Sequence[CheckTrace]) -> GradeTrace:
    return GradeTrace(grade=grade, checks=list(checks), prompt_version=prompts.prompt_version())


def _unscored(reason: str | None) -> RowGrade:
    return RowGrade(level=None, low=None, high=None, status="unscored", reason=reason, evidence=[])


def _scored(level: Interval, reason: str | None, evidence: Sequence[Evidence]) -> RowGrade:
    return RowGrade(
        level=level.level,
        low=level.low,
        high=level.high,
        status="scored",
        reason=reason,
        evidence=list(evidence),
    )


def _evidence(checks: Sequence[CheckTrace]) -> list[Evidence]:
    """Each quote once, those of the highest checks first."""
    ranked = sorted(checks, key=lambda check: -check.level)
    return list(dict.fromkeys(check.quote for check in ranked if check.quote is not None))
