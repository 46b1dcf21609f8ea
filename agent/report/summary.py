"""The report in a terminal: levels, moves, what is not graded, and where the page lies."""

from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from agent.report.models import AnswerReport, Report
from agent.report.wording import day, length_of_time, level_figure


def print_summary(report: Report, page: Path, console: Console) -> None:
    """Candidates' words are printed as they are: as `Text`, never as markup."""
    header = report.header
    console.print(Text(header.title, style="bold"))
    where = f"{day(header.held)}, {length_of_time(header.duration_s)}, {header.mode}"
    console.print(Text(f"{where}, {len(report.answers)} answers. {header.notice}", style="dim"))
    if report.rubrics:
        console.print(_levels(report))
    for number, move in enumerate(report.moves, 1):
        aim = f'{move.role_word or move.next_word} is "{move.role_anchor or move.next_anchor}"'
        console.print(Text(f"{number}. {move.title}, answer {move.number}: {move.level.word} now; {aim}"))
    for answer in report.answers:
        if answer.reason:
            console.print(Text(_standing(answer), style="yellow"))
    if not report.answers:
        console.print(Text("No question was answered.", style="yellow"))
    if header.calibration == "uncalibrated":
        console.print(
            Text("The levels are uncalibrated: trust their order more than the numbers.", style="dim")
        )
    console.print(Text(f"report: {page}"), soft_wrap=True)


def _levels(report: Report) -> Table:
    titles = {used.id: used.title for used in report.rubrics}
    table = Table(box=None)
    for column in ("stage", "rubric", "level", "interval", "answers", "quotes"):
        table.add_column(column, overflow="fold")
    for stage in report.stages:
        for entry in stage.levels:
            level = entry.level
            table.add_row(
                Text(stage.title),
                Text(titles.get(entry.rubric, entry.rubric)),
                Text(
                    f"{level.word} {level_figure(level.level)}" if level else f"not assessed: {entry.reason}"
                ),
                Text(f"{level_figure(level.low)}-{level_figure(level.high)}" if level else "-"),
                str(entry.answers),
                str(entry.quotes),
            )
    return table


def _standing(answer: AnswerReport) -> str:
    return f"answer {answer.number}, {answer.status.replace('-', ' ')}: {answer.reason}; {answer.mend or ''}".rstrip(
        "; "
    )
