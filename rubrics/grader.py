"""Grades one answer by a rubric: gates, atomic checks read from log-odds, verified quotes, levels in code."""

from collections.abc import Callable, Collection, Mapping, Sequence

from rubrics import prompts
from rubrics.asking import Asker, Reading
from rubrics.calibration import shipped_calibrations
from rubrics.errors import LanguageModelUnavailable
from rubrics.evidence import candidates, cues_found, figures
from rubrics.executed import with_tests
from rubrics.gates import Screened, screen
from rubrics.language import LanguageModel
from rubrics.levels import OFF_TOPIC_SHARE, Levels, UncalibratedLevels, combine
from rubrics.loader import rubric_version
from rubrics.models import Check, Evidence, Grade, GradeRequest, Interval, Row, RowGrade, Rubric
from rubrics.priors import Priors
from rubrics.sentences import Span
from rubrics.trace import CheckTrace, GradeTrace

Progress = Callable[[int, int], None]
"""Hears how many rows are done, and of how many."""

UNAVAILABLE = "unavailable"
"""How the reason begins where the language model failed: such an answer is worth grading again."""
POORLY_HEARD = 0.45
"""Mean confidence of the recogniser below which its words are not worth a grade; clear speech is at 0.8 and more."""
_FLOOR = Interval(level=1.0, low=1.0, high=1.5)
_UNCALIBRATED = UncalibratedLevels()
_YES_SHARE = 0.1
"""Share of the example's log-odds from which a check may be a yes, so that a quote is looked for."""
_SHOWN_SHARE = 0.3
"""The same for a sentence read by itself that no cue points at."""


def _quiet(done: int, of: int) -> None: ...


class Grader:
    """Grades answers with one language model. Safe to call concurrently, one answer each.

    `levels` holds, by rubric version, what was fitted for this model: by default what is shipped. Other rubrics are
    graded uncalibrated.
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
        fitted = shipped_calibrations(language.name, self.prompt_version) if levels is None else levels
        self._levels: dict[str, Levels] = dict(fitted)
        self._priors = Priors(language)

    @property
    def rubrics(self) -> Mapping[str, Rubric]:
        return self._rubrics

    @property
    def model(self) -> str:
        return self._language.name

    @property
    def prompt_version(self) -> str:
        return prompts.prompt_version()

    async def grade(
        self, request: GradeRequest, *, rows: Collection[str] | None = None, progress: Progress = _quiet
    ) -> Grade:
        """Grade the `rows` named (without the rubric's name), or all. A failing model makes a grade `unscored`."""
        return (await self.grade_with_trace(request, rows=rows, progress=progress)).grade

    async def grade_with_trace(
        self, request: GradeRequest, *, rows: Collection[str] | None = None, progress: Progress = _quiet
    ) -> GradeTrace:
        """As `grade`, with every number behind it."""
        trace = await self._grade_words(request, rows, progress)
        if (trace.grade.reason or "").startswith(UNAVAILABLE):
            return trace
        levels = self._levels.get(trace.grade.rubric_version, _UNCALIBRATED)
        return trace.model_copy(update={"grade": with_tests(trace.grade, request.code, levels.overall)})

    async def _grade_words(
        self, request: GradeRequest, rows: Collection[str] | None, progress: Progress
    ) -> GradeTrace:
        rubric = self._rubrics.get(request.rubric)
        if rubric is None:
            reason = f"there is no rubric {request.rubric!r}: use one of {', '.join(self._rubrics)}"
            return self._unread(request, request.rubric, [], RowGrade.unscored(reason), [])
        graded = [row for row in rubric.rows if rows is None or row.id in rows]
        names, version = [row.id for row in graded], rubric_version(rubric)
        if not graded:
            reason = f"the rubric {rubric.id!r} has none of the rows asked for"
            return self._unread(request, version, [], RowGrade.unscored(reason), [])
        if request.heard is not None and request.heard < POORLY_HEARD:
            reason = (
                f"misheard: words were recognised with a confidence of {request.heard:.0%} only; say it again"
            )
            return self._unread(request, version, names, RowGrade.unscored(reason), ["misheard"])
        screened = screen(request.question, request.answer)
        if screened.outcome == "unscored":
            return self._unread(
                request, version, names, RowGrade.unscored(str(screened.reason)), screened.flags
            )
        if screened.outcome == "floor":
            return self._unread(
                request, version, names, RowGrade.scored(_FLOOR, reason=screened.reason), screened.flags
            )
        try:
            return await self._read(request, rubric, graded, screened, progress)
        except LanguageModelUnavailable as error:
            reason = f"{UNAVAILABLE}: {error}"
            return self._unread(request, version, names, RowGrade.unscored(reason), screened.flags)

    async def _read(
        self,
        request: GradeRequest,
        rubric: Rubric,
        rows: Sequence[Row],
        screened: Screened,
        progress: Progress,
    ) -> GradeTrace:
        """Let the model read the answer, and combine what it says of it."""
        checks = [(row, check) for row in rows for check in row.checks]
        asker = Asker(self._language, self._priors, rubric)
        await asker.learn([prompts.FITS, *(check.ask for _, check in checks)])
        text = " ".join(span.of(request.answer) for span in screened.readable)
        read = prompts.reading(request.question, text)
        fit = (await asker.ask(read, prompts.FITS)).share
        levels = self._levels.get(rubric_version(rubric), _UNCALIBRATED)
        said: list[tuple[list[Span], Reading | None]] = []
        for done, (row, check) in enumerate(checks):
            progress(done, len(checks))
            spans = candidates(check, request.answer, screened.readable)
            asks = bool(spans) and levels.asks(row.id, check.id)
            said.append((spans, await asker.ask(read, check.ask) if asks else None))
        traces = [
            await _traced(asker, request, row, check, screened.readable, spans, reading)
            for (row, check), (spans, reading) in zip(checks, said, strict=True)
        ]
        progress(len(checks), len(checks))
        return self._trace(self._combined(request, rubric, rows, traces, fit, screened), traces, fit)

    def _combined(
        self,
        request: GradeRequest,
        rubric: Rubric,
        rows: Sequence[Row],
        traces: Sequence[CheckTrace],
        fit: float,
        screened: Screened,
    ) -> Grade:
        version = rubric_version(rubric)
        levels = self._levels.get(version, _UNCALIBRATED)
        flags = [*map(str, screened.flags)]
        if fit < OFF_TOPIC_SHARE:
            flags.append("off-topic")
        if not levels.calibrated:
            flags.append("uncalibrated")
        by_row, overall = combine(levels, rows, traces, fit)
        grades = {
            row: RowGrade.scored(level, _evidence([trace for trace in traces if trace.row == row]))
            for row, level in by_row.items()
        }
        return self._grade(request, version, overall, None, grades, flags)

    def _unread(
        self, request: GradeRequest, version: str, rows: Sequence[str], each: RowGrade, flags: Sequence[str]
    ) -> GradeTrace:
        """A grade that needed no reading: all rows are alike."""
        overall = _FLOOR if each.status == "scored" else None
        grades = dict.fromkeys(rows, each)
        return self._trace(self._grade(request, version, overall, each.reason, grades, flags), [])

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

    def _trace(self, grade: Grade, checks: Sequence[CheckTrace], fit: float | None = None) -> GradeTrace:
        return GradeTrace(grade=grade, fit=fit, checks=list(checks), prompt_version=self.prompt_version)


async def _traced(
    asker: Asker,
    request: GradeRequest,
    row: Row,
    check: Check,
    sentences: Sequence[Span],
    spans: Sequence[Span],
    reading: Reading | None,
) -> CheckTrace:
    """What became of one check. `reading` is None where the model was not asked."""
    said = reading or await asker.no(check.ask)
    return CheckTrace(
        row=row.id,
        id=check.id,
        level=check.level,
        log_odds=said.log_odds,
        prior=said.prior,
        adjusted=said.log_odds - said.prior,
        share=said.share,
        quote=await _quote(asker, request, check, reading, spans),
        cues=cues_found(check, request.answer, sentences),
        figures=figures(check, request.answer, sentences),
        asked=reading is not None,
    )


async def _quote(
    asker: Asker, request: GradeRequest, check: Check, reading: Reading | None, spans: Sequence[Span]
) -> Evidence | None:
    """The sentence that a yes rests on, if there is one. Where the model was not asked, its cues speak for it."""
    if reading is not None and reading.share < _YES_SHARE:
        return None
    for span in spans:
        quote = span.of(request.answer)
        alone = prompts.reading(request.question, quote)
        if check.cues or (await asker.ask(alone, check.ask)).share >= _SHOWN_SHARE:
            return Evidence(quote=quote, start=span.start, end=span.end)
    return None


def _evidence(checks: Sequence[CheckTrace]) -> list[Evidence]:
    """Each quote once, those of the highest checks first."""
    ranked = sorted(checks, key=lambda check: -check.level)
    return list(dict.fromkeys(check.quote for check in ranked if check.quote is not None))
