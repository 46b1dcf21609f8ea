"""Spans say how long things took and nothing else."""

import json
from pathlib import Path

import pytest

from agent.errors import SettingsError
from agent.voice.latency import TurnLatency
from agent.voice.traces import trace_reply, traced_to

REPLY = TurnLatency(
    turn="a",
    answer_s=10.0,
    last_sound_s=20.0,
    transcript_s=0.8,
    end_of_turn_s=1.0,
    content_words_s=1.5,
    first_content_s=2.0,
)


def spans(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_a_reply_is_a_span_and_what_it_waited_for_are_spans_in_it(tmp_path: Path) -> None:
    path = tmp_path / "traces.jsonl"
    with traced_to(path):
        trace_reply(REPLY)
    trace_reply(REPLY)
    *steps, whole = spans(path)
    assert [step["name"] for step in steps] == [
        f"soundcheck.reply.{name}" for name in ("recognising", "waiting_for_more", "wording", "playing")
    ]
    assert whole["name"] == "soundcheck.reply"
    assert {step["parent_id"] for step in steps} == {whole["context"]["span_id"]}  # type: ignore[index]
    assert steps[0]["start_time"] == whole["start_time"]
    assert steps[-1]["end_time"] == whole["end_time"]


def test_later_spans_are_added_to_the_file(tmp_path: Path) -> None:
    path = tmp_path / "traces.jsonl"
    for _ in range(2):
        with traced_to(path):
            trace_reply(REPLY)
    assert len(spans(path)) == 10


def test_a_file_that_cannot_be_written_is_told_with_its_setting(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="SOUNDCHECK_TRACES"), traced_to(tmp_path):
        pass


def test_what_livekit_says_of_a_conversation_holds_no_words(tmp_path: Path) -> None:
    from livekit.agents.telemetry import trace_types, tracer

    path = tmp_path / "traces.jsonl"
    with traced_to(path), tracer.start_as_current_span("turn") as span:
        span.set_attribute(trace_types.ATTR_USER_TRANSCRIPT, "I moved the loaves")
        span.set_attribute(trace_types.ATTR_END_OF_TURN_DELAY, 0.5)
    assert "loaves" not in path.read_text()
    assert "0.5" in path.read_text()
