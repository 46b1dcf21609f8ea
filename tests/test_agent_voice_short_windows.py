import numpy as np

from agent.voice.short_windows import window_frames


def window(filled: int) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    features = np.zeros((80, 3000), dtype=np.float32)
    features[:, :filled] = -0.5
    return features


def test_a_short_sound_needs_a_short_window_with_room_at_its_end() -> None:
    assert window_frames(window(1000)) == 1300


def test_a_window_is_never_shorter_than_what_the_model_can_make_sense_of() -> None:
    assert window_frames(window(50)) == 800
    assert window_frames(window(0)) == 800


def test_a_full_window_stays_as_it_is() -> None:
    assert window_frames(window(2800)) == 3000
