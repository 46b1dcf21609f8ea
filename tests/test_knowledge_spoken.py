from knowledge.spoken import sentences, stems


def test_sentences_end_at_punctuation_and_at_new_lines() -> None:
    text = "We built a ranker first. Then we measured it for a month!\nIt worked in every market we tried"
    assert sentences(text) == [
        "We built a ranker first.",
        "Then we measured it for a month!",
        "It worked in every market we tried",
    ]


def test_a_fragment_joins_what_follows_it() -> None:
    assert sentences("Right. So. We had two towers and an index.") == [
        "Right. So. We had two towers and an index."
    ]
    assert sentences("We had two towers and an index. Yes.") == ["We had two towers and an index.", "Yes."]


def test_run_on_speech_is_cut_into_windows_that_overlap_and_lose_nothing() -> None:
    words = [f"word{i}" for i in range(100)]
    windows = [window.split() for window in sentences(" ".join(words))]
    assert all(len(window) <= 30 for window in windows)
    assert {word for window in windows for word in window} == set(words)
    assert windows[0][-1] in windows[1]


def test_nothing_said_has_no_sentences() -> None:
    assert sentences(" \n ") == []


def test_stems_leave_out_common_words_and_endings() -> None:
    assert stems("We were training the trained trainers") == ["train", "train", "train"]
