import pytest
from solution import Scored, TransientError, score_stream


def double(batch):
    return [2.0 * row for row in batch]


def test_the_example_of_the_statement_holds():
    waits, calls = [], []

    def flaky_double(batch):
        calls.append(list(batch))
        if len(calls) == 1:
            raise TransientError
        return double(batch)

    assert list(score_stream([1, 2, 3], flaky_double, batch_size=2, wait=waits.append)) == [
        Scored(1, 2.0, attempts=2),
        Scored(2, 4.0, attempts=2),
        Scored(3, 6.0, attempts=1),
    ]
    assert waits == [0.5]
    assert calls == [[1, 2], [1, 2], [3]]


def test_no_rows_give_no_results_and_no_calls():
    def never(batch):
        raise AssertionError("called without rows")

    assert list(score_stream([], never, batch_size=2)) == []


def test_rows_come_back_in_order():
    assert [s.row for s in score_stream(range(7), double, batch_size=3)] == list(range(7))


def test_a_batch_size_below_one_is_refused():
    with pytest.raises(ValueError):
        list(score_stream([1], double, batch_size=0))
