from pathlib import Path

import numpy as np
import pytest

from agent.benches.noises import noise
from agent.benches.scenarios import SHIPPED, load_scenarios
from agent.benches.transcribe import plain, squeeze, with_noise
from agent.benches.turns import Result, summarise
from agent.errors import SoundcheckError


def result(**changes: object) -> Result:
    values: dict[str, object] = {
        "id": "r",
        "kind": "answer",
        "complete": True,
        "pauses": 0,
        "cut_ins": 0,
        "response_delay_s": 1.0,
        "endless": False,
        "amid_question": None,
        "wrong": False,
        "transcript": "",
    }
    return Result.model_validate({**values, **changes})


def test_the_shipped_scenarios_are_many_and_different() -> None:
    scenarios = load_scenarios(SHIPPED)
    assert len({scenario.id for scenario in scenarios}) == len(scenarios) >= 60
    assert any(scenario.quick for scenario in scenarios)


@pytest.mark.parametrize(
    ("line", "named"),
    [
        (
            '{"id": "a", "stage": "s", "segments": [{"say": "x", "pause": 1}], "complete": true}',
            ":2: segments.0",
        ),
        ('{"id": "a", "stage": "s", "segments": [], "complete": true}', ":2: segments"),
        ('{"id": "a", "stage": "s", "segments": [{"say": "x"}]}', ":2: complete"),
        ("{", ":2: line"),
    ],
)
def test_a_faulty_scenario_is_named_by_line_and_field(line: str, named: str, tmp_path: Path) -> None:
    path = tmp_path / "scenarios.jsonl"
    path.write_text(f"\n{line}\n", encoding="utf-8")
    with pytest.raises(SoundcheckError, match=named):
        load_scenarios(path)


def test_delays_count_for_finished_answers_and_cut_ins_by_pause() -> None:
    summary = summarise(
        [
            result(pauses=3, cut_ins=1),
            result(pauses=1, response_delay_s=2.0),
            result(complete=False, response_delay_s=4.0),
            result(response_delay_s=None, endless=True),
            result(amid_question="stops", response_delay_s=None, wrong=True),
        ]
    )
    assert summary.cut_ins_per_pause == 0.25
    assert (summary.delays, summary.delay_median_s, summary.delay_unfinished_median_s) == (2, 1.5, 4.0)
    assert (summary.endless, summary.amid_question, summary.wrong_reactions) == (1, 1, 1)


def test_the_same_seed_makes_the_same_noise() -> None:
    assert np.array_equal(noise("cough", 1), noise("cough", 1))
    assert not np.array_equal(noise("cough", 1), noise("cough", 2))


def test_noise_is_as_much_below_the_speech_as_was_asked_for() -> None:
    speech = (np.sin(np.arange(16_000) / 5) * 8000).astype(np.int16)
    added = with_noise(speech, 20.0).astype(float) - speech
    assert 20 * np.log10(np.std(speech.astype(float)) / np.std(added)) == pytest.approx(20.0, abs=0.5)


def test_words_and_terms_are_compared_without_their_looks() -> None:
    assert plain("Well-known: 3 % of It’s.") == "well known three percent of it's"
    assert squeeze("Big query") == squeeze("BigQuery")
