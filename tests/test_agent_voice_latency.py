import json
from pathlib import Path

from agent.voice.latency import LatencyLog, TurnLatency, summarise


def turn(name: str, first_sound_s: float | None) -> TurnLatency:
    return TurnLatency(
        turn=name,
        answer_s=10.0,
        last_sound_s=20.0,
        end_of_turn_s=1.0,
        transcript_s=0.8,
        first_words_s=first_sound_s,
        first_sound_s=first_sound_s,
        first_content_s=None,
    )


def test_what_did_not_happen_does_not_count() -> None:
    summary = summarise([turn("a", 1.0), turn("b", 3.0), turn("c", None)])
    assert summary.turns == 3
    assert summary.steps["first_sound_s"].count == 2
    assert summary.steps["first_sound_s"].median_s == 2.0
    assert "first_content_s" not in summary.steps


def test_the_time_until_the_content_is_wholly_accounted_for() -> None:
    spoken = turn("a", 1.2).model_copy(
        update={
            "told_s": 1.05,
            "understood_s": 1.1,
            "content_words_s": 1.6,
            "content_voice_s": 1.75,
            "first_content_s": 2.0,
        }
    )
    assert spoken.spent_s == {
        "recognising": 0.8,
        "waiting for more": 0.2,
        "taking down": 0.05,
        "understanding": 0.05,
        "wording": 0.5,
        "voicing": 0.15,
        "playing": 0.25,
    }
    assert summarise([spoken, turn("b", 1.0)]).spent["wording"].count == 1


def test_a_single_turn_is_its_own_percentile() -> None:
    assert summarise([turn("a", 1.5)]).steps["first_sound_s"].p95_s == 1.5


def test_the_summary_covers_all_sittings(tmp_path: Path) -> None:
    LatencyLog(tmp_path).add(turn("a", 1.0))
    log = LatencyLog(tmp_path)
    log.add(turn("b", 2.0))
    assert log.summarise().turns == 2
    assert json.loads((tmp_path / "latency.json").read_text())["steps"]["end_of_turn_s"]["median_s"] == 1.0
