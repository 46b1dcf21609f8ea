"""The page in a real browser: it plays from the quoted second, by mouse and by keyboard, and lets no script in."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from agent.report.audio import data_uri, make_track, recordings
from agent.report.models import Report
from agent.report.render_html import render_html
from tests.browser import Page, find_chromium, open_browser
from tests.report_sessions import SessionBuilder, practice_session, report_of

pytestmark = pytest.mark.browser
ATTACK = '"><img src=x onerror="window.hit=1"><script>window.hit=2</script><svg onload="window.hit=3">'
PLAYED = """new Promise((done, fail) => {
  const audio = document.getElementById('recording');
  setTimeout(() => fail(new Error('nothing was played')), 8000);
  audio.addEventListener('timeupdate', () => { if (!audio.seeking) done(audio.currentTime); });
  %s
})"""


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    if find_chromium() is None:
        lack = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        lack("no Chromium on this machine: apt install chromium")
    with open_browser(tmp_path_factory.mktemp("profile")) as opened:
        yield opened


@pytest.fixture(scope="module")
def report_page(tmp_path_factory: pytest.TempPathFactory) -> tuple[Report, Path]:
    builder = practice_session(tmp_path_factory.mktemp("sessions"))
    builder.record()
    track = builder.session.folder / "report.mp3"
    audio = make_track(recordings(builder.session.folder), [], track)
    report = report_of(builder).model_copy(update={"audio": audio, "made": datetime(2026, 11, 5, tzinfo=UTC)})
    path = builder.session.folder / "report.html"
    path.write_text(render_html(report, audio_src=data_uri(track)), encoding="utf-8")
    return report, path


def _last_quote_s(report: Report) -> float:
    at_s = max(q.at_s or 0 for a in report.answers for row in a.rows for q in row.quotes)
    assert at_s > 20
    return at_s


def test_a_play_button_starts_at_the_quoted_second(page: Page, report_page: tuple[Report, Path]) -> None:
    report, path = report_page
    page.open(path)
    at_s = _last_quote_s(report)
    played_s = page.run(PLAYED % f"document.querySelector('button[data-at=\"{at_s}\"]').click();")
    assert at_s - 0.1 <= played_s <= at_s + 2
    assert (
        page.run(f"document.querySelector('button[data-at=\"{at_s}\"]').getAttribute('aria-pressed')")
        == "true"
    )


def test_a_second_press_stops_and_the_keyboard_will_do(page: Page, report_page: tuple[Report, Path]) -> None:
    report, path = report_page
    page.open(path)
    page.run("document.querySelectorAll('details').forEach(d => d.open = true)")
    button = f"document.querySelector('button[data-at=\"{_last_quote_s(report)}\"]')"
    page.run(f"{button}.focus()")
    assert page.run(f"document.activeElement === {button}") is True
    for kind in ("keyDown", "keyUp"):
        page.call(
            "Input.dispatchKeyEvent",
            type=kind,
            key="Enter",
            code="Enter",
            text="\r",
            windowsVirtualKeyCode=13,
        )
    page.run(PLAYED % "")
    page.run(f"{button}.click()")
    assert page.run("document.getElementById('recording').paused") is True
    assert page.run(f"{button}.getAttribute('aria-pressed')") == "false"


def test_the_page_asks_nothing_of_any_network_and_complains_of_nothing(
    page: Page, report_page: tuple[Report, Path]
) -> None:
    page.requests.clear()
    page.faults.clear()
    page.open(report_page[1])
    assert page.faults == []
    assert {address.partition(":")[0] for address in page.requests} <= {"file", "data", "blob"}


def test_hostile_words_run_nothing(page: Page, tmp_path: Path) -> None:
    builder = SessionBuilder(tmp_path)
    answer = builder.ask("mentorship/q1", ATTACK, ATTACK, probes=[ATTACK])
    builder.grade(answer, {"star": {"action": (2.0, [ATTACK])}}, flags=[ATTACK])
    path = tmp_path / "report.html"
    path.write_text(render_html(report_of(builder)), encoding="utf-8")
    page.open(path)
    assert page.run("window.hit") is None
    assert page.run("document.images.length") == 0


def test_it_fits_a_phone(page: Page, report_page: tuple[Report, Path]) -> None:
    page.resize(390, 844, mobile=True)
    page.open(report_page[1])
    page.run("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert page.run("document.documentElement.scrollWidth") <= 390
    page.call("Emulation.clearDeviceMetricsOverride")


def test_on_paper_every_answer_is_open(page: Page, report_page: tuple[Report, Path]) -> None:
    page.open(report_page[1])
    closed = "document.querySelectorAll('details:not([open])').length"
    before = page.run(closed)
    page.run("dispatchEvent(new Event('beforeprint'))")
    assert page.run(closed) == 0
    page.run("dispatchEvent(new Event('afterprint'))")
    assert page.run(closed) == before > 0
