"""What the bench of the room makes of what its page noted."""

import pytest

from agent.benches.page import HeadlessPage, Noted, Saying
from agent.benches.room import _report
from agent.voice.pcm import silence
from agent.voice.words import spread
from tests.fakes import FakeClock


def test_a_words_lag_counts_from_its_end_to_the_first_caption_with_as_many_words(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    saying = Saying(silence(4.0), spread("one two six ten", 0.0, 4.0))
    page = HeadlessPage("http://localhost:1", saying, saying)
    clock = FakeClock()
    monkeypatch.setattr(page, "_now_s", clock)
    page._saying, page._said_from_s = saying, 10.0
    for clock.now_s, shown in ((12.5, 2), (13.0, 1), (15.0, 4)):
        page._see(shown)
    ends = [word.end_s for word in saying.words]
    assert page.noted.caption_lags_s == pytest.approx(
        [2.5 - ends[0], 2.5 - ends[1], 5 - ends[2], 5 - ends[3]]
    )


def test_halves_and_memory_are_told_apart() -> None:
    noted = Noted([0.5, 1.0, 2.0, 1.5], [(10.0, 1.0), (200.0, 2.0), (250.0, 3.0)])
    report = _report(1.234, noted, [(0.0, 500.0), (305.0, 1000.0), (601.0, 1010.0)], minutes=5)
    assert report.page_s == 1.23
    assert report.captions_in_time == 0.75
    assert report.replies_early is not None
    assert report.replies_late is not None
    assert (report.replies_early.count, report.replies_late.median_s) == (1, 2.5)
    assert (report.settled_mib, report.end_mib) == (1000.0, 1010.0)


def test_a_short_talk_says_nothing_about_the_growth_of_memory() -> None:
    report = _report(1.2, Noted(), [(0.0, 500.0), (305.0, 1000.0)], minutes=5)
    assert (report.settled_mib, report.end_mib) == (None, 1000.0)
