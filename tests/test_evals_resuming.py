from pathlib import Path

from evals.resuming import survive


async def test_an_interview_killed_again_and_again_loses_no_answer_and_repeats_no_question(
    tmp_path: Path,
) -> None:
    survival = await survive(tmp_path, seed=3)
    assert survival.kills > 0
    assert (survival.answered, survival.lost, survival.asked_again) == (16, 0, 0)
