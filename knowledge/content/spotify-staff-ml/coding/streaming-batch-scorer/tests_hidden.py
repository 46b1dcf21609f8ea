from itertools import count, islice

import pytest
from solution import Scored, TransientError, score_stream


def double(batch):
    return [2.0 * row for row in batch]


def no_wait(_seconds):
    raise AssertionError("waited although nothing failed")


class Flaky:
    """Fails whenever a batch holds the row 13, and remembers its calls."""

    def __init__(self):
        self.calls = []

    def __call__(self, batch):
        self.calls.append(list(batch))
        if 13 in batch:
            raise TransientError
        return double(batch)


def test_an_endless_source_is_read_at_most_one_batch_ahead():
    read = []

    def source():
        for i in count():
            read.append(i)
            yield i

    results = score_stream(source(), double, batch_size=10, wait=no_wait)
    for handed_out in range(1, 100):
        assert next(results).row == handed_out - 1
        assert len(read) <= handed_out + 10


def test_nothing_is_read_before_the_first_result_is_asked_for():
    read = []
    score_stream((read.append(i) for i in range(5)), double, batch_size=2)
    assert read == []


def test_wrong_arguments_are_reported_at_the_call_itself():
    with pytest.raises(ValueError):
        score_stream([1], double, batch_size=0)
    with pytest.raises(ValueError):
        score_stream([1], double, batch_size=1, max_attempts=0)


def test_a_hopeless_batch_gets_no_scores_and_the_rest_goes_on():
    waits, flaky = [], Flaky()
    results = list(score_stream([12, 13, 14, 15, 16], flaky, 2, wait=waits.append))
    assert results == [
        Scored(12, None, 3),
        Scored(13, None, 3),
        Scored(14, 28.0, 1),
        Scored(15, 30.0, 1),
        Scored(16, 32.0, 1),
    ]
    assert waits == [0.5, 1.0]
    assert flaky.calls == [[12, 13]] * 3 + [[14, 15], [16]]


def test_waits_double_and_begin_afresh_with_each_batch():
    waits = []
    list(score_stream([13, 13], Flaky(), 1, max_attempts=5, base_wait_s=1, wait=waits.append))
    assert waits == [1, 2, 4, 8] * 2


def test_a_single_attempt_never_waits():
    assert list(score_stream([13], Flaky(), 1, max_attempts=1, wait=no_wait)) == [Scored(13, None, 1)]


def test_success_at_the_last_attempt_counts():
    outcomes = iter([TransientError, TransientError, None])

    def scorer(batch):
        failure = next(outcomes)
        if failure:
            raise failure
        return double(batch)

    results = list(score_stream([1], scorer, 1, wait=lambda _seconds: None))
    assert results == [Scored(1, 2.0, 3)]


def test_any_other_error_passes_without_a_retry():
    calls = []

    def broken(batch):
        calls.append(batch)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        list(score_stream([1, 2], broken, 1, wait=no_wait))
    assert len(calls) == 1


@pytest.mark.parametrize("scores", [[1.0], [1.0, 2.0, 3.0], []])
def test_scores_that_do_not_match_the_batch_are_refused(scores):
    with pytest.raises(ValueError):
        list(score_stream([1, 2], lambda _batch: scores, 2, wait=no_wait))


def test_rows_may_be_none_and_scores_may_be_zero():
    results = list(score_stream([None, 0, ""], lambda batch: [0.0] * len(batch), 2, wait=no_wait))
    assert results == [Scored(None, 0.0, 1), Scored(0, 0.0, 1), Scored("", 0.0, 1)]


def test_a_source_that_ends_with_a_full_batch_causes_no_empty_call():
    flaky = Flaky()
    list(score_stream(iter(range(4)), flaky, 2))
    assert flaky.calls == [[0, 1], [2, 3]]


def test_a_large_stream_is_scored_row_by_row():
    results = islice(score_stream(count(), double, 1_000, wait=no_wait), 100_000)
    assert all(scored.score == 2.0 * i for i, scored in enumerate(results))
