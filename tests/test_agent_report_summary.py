"""The report in a terminal."""

from io import StringIO
from pathlib import Path

from rich.console import Console

from agent.report.summary import print_summary
from tests.report_sessions import SessionBuilder, practice_session, report_of


def _printed(builder: SessionBuilder) -> str:
    console = Console(file=StringIO(), width=160, no_color=True)
    print_summary(report_of(builder), Path("/data/report.html"), console)
    assert isinstance(console.file, StringIO)
    return console.file.getvalue()


def test_it_gives_levels_moves_and_the_page(tmp_path: Path) -> None:
    text = _printed(practice_session(tmp_path))
    assert "adequate" in text
    assert '1. Task, answer 2: no story now; strong is "task as level 4 has it"' in text
    assert "answer 3, skipped" in text
    assert text.rstrip().endswith("report: /data/report.html")


def test_words_in_brackets_are_not_taken_for_markup(tmp_path: Path) -> None:
    builder = SessionBuilder(tmp_path)
    answer = builder.ask("mentorship/q1", "fine")
    builder.refuse(answer, "star", "[bold]odd[/bold] [/nothing]")
    assert "[bold]odd[/bold] [/nothing]" in _printed(builder)
