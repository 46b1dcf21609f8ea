"""What the benches make of what they measured."""

import io

import pytest
from rich.console import Console

from agent.benches.latency import report_of, tables
from agent.benches.meter import Cost, replayed_s
from agent.benches.sessions import crowd_of
from agent.benches.sessions import report_of as crowds_report
from agent.benches.sides import Side
from agent.benches.spoken import Delay


def delay(answer_s: float, sound_s: float | None, content_s: float | None) -> Delay:
    return Delay(
        answer_s=answer_s,
        first_sound_s=sound_s,
        first_content_s=content_s,
        spent_s={"wording": 0.5},
        cut_ins=0,
    )


def side(*delays: Delay, recognition_s: float = 1.0, peak_mib: float = 3000.0) -> Side:
    cost = Cost(
        processor_s=10.0,
        recognition_processor_s=recognition_s,
        answers_s=60.0,
        start_mib=2900.0,
        peak_mib=peak_mib,
    )
    return Side(delays=list(delays), cost=cost)


def test_a_report_holds_medians_by_length_and_the_ratios_of_the_bars() -> None:
    ours = side(delay(10, 1.0, 2.0), delay(10, 1.2, 2.2), delay(180, 1.1, 2.1), recognition_s=2.0)
    stock = side(delay(10, 4.0, 4.0), delay(180, 6.0, 6.0), recognition_s=8.0)
    report = report_of({"soundcheck": ours, "livekit-agents": stock})
    assert [(g.side, g.answer_s, g.answers) for g in report.groups] == [
        ("soundcheck", 10.0, 2),
        ("soundcheck", 180.0, 1),
        ("livekit-agents", 10.0, 1),
        ("livekit-agents", 180.0, 1),
    ]
    assert report.ratios.sound_longest_to_shortest == 1.0
    assert report.ratios.content_longest_to_shortest == 1.0
    assert report.ratios.content_to_stock == pytest.approx(2.1 / 4.0)
    assert report.ratios.recognition_to_stock == 0.25
    assert report.ratios.content_to_pipecat is None


def test_each_peer_is_compared_with_by_itself() -> None:
    report = report_of(
        {
            "soundcheck": side(delay(10, 1.0, 2.0), delay(60, 1.0, 3.0), recognition_s=2.0),
            "livekit-agents": side(delay(10, 4.0, 4.0), delay(60, 4.0, 4.0), recognition_s=8.0),
            "pipecat": side(delay(10, 2.0, 2.0), delay(60, None, None), recognition_s=4.0),
        }
    )
    assert (report.ratios.content_to_stock, report.ratios.content_to_pipecat) == (0.75, 1.0)
    assert (report.ratios.recognition_to_stock, report.ratios.recognition_to_pipecat) == (0.25, 0.5)
    console = Console(record=True, width=100, file=io.StringIO())
    console.print(tables(report))
    assert "content to pipecat" in console.export_text()


def test_a_reply_that_never_came_makes_no_figure_up() -> None:
    report = report_of({"soundcheck": side(delay(10, None, None))})
    assert report.groups[0].first_content is None
    assert report.ratios.content_to_stock is None
    assert report.ratios.recognition_to_stock is None


def test_what_one_more_session_takes_is_the_growth_shared_out() -> None:
    crowds = [
        crowd_of(number, side(delay(10, 1.0, 2.0), delay(10, 1.0, None), peak_mib=peak_mib))
        for number, peak_mib in ((1, 3000.0), (4, 3120.0))
    ]
    report = crowds_report(crowds)
    assert report.mib_per_session == 40.0
    assert [crowd.unanswered for crowd in report.crowds] == [1, 1]
    assert crowds_report(crowds[:1]).mib_per_session is None


def test_replayed_calls_are_all_made_and_timed() -> None:
    made: list[int] = []

    def work(number: int) -> None:
        made.append(sum(range(200_000)) + number)

    assert replayed_s(work, [(1,), (2,)]) > 0
    assert len(made) == 2
