"""The report as text."""

from pathlib import Path

from agent.report.render_markdown import plain, render_markdown
from tests.report_sessions import SessionBuilder, practice_session, report_of


def test_it_names_levels_quotes_and_times(tmp_path: Path) -> None:
    text = render_markdown(report_of(practice_session(tmp_path)))
    assert "# Behavioural and collaboration" in text
    assert "| Behavioural and collaboration | Star | adequate" in text
    assert '"accepted substitutes rose from 41 to 53 percent" (' in text
    assert "**Practice, not a hiring decision.**" in text


def test_hostile_words_stay_words(tmp_path: Path) -> None:
    builder = SessionBuilder(tmp_path)
    attack = "# <b>hi</b> [click](http://x) | `code` *bold*\n\n## heading"
    builder.ask("mentorship/q1", attack)
    text = render_markdown(report_of(builder))
    assert "<b>" not in text.replace("\\<", "")
    assert "\n## heading" not in text
    assert "\\# \\<b\\>hi\\</b\\> \\[click\\](http://x) \\| \\`code\\` \\*bold\\*" in text


def test_a_list_sign_at_the_beginning_is_no_list() -> None:
    assert plain("- one") == "\\- one"
    assert plain("1. one") == "1\\. one"
    assert plain("well-known 3.5") == "well-known 3.5"


def test_a_session_without_a_word_says_so(tmp_path: Path) -> None:
    text = render_markdown(report_of(SessionBuilder(tmp_path, mode="typed"), finished=False))
    assert "No answer is graded." in text
    assert "## Delivery" not in text
