import pytest

from rubrics.failures import difference, raised


@pytest.mark.parametrize(
    ("message", "sides"),
    [
        ("assert 0 == (2 * -1)", ("0", "2 * -1")),
        ("assert [0] == [0, 3000]\nRight contains one more item: 3000", ("[0]", "[0, 3000]")),
        ("AssertionError: assert None == 1\n+  where None = get('ada')", ("None", "1")),
        ("assert 7 is None\n+  where 7 = get('b')", ("7", "None")),
        ("assert 2 <= 1\n+  where 2 = len(...)", ("2", "at most 1")),
        ("AssertionError: assert [Row(a...b)] == [Row(c...d)]", ("[Row(a...b)]", "[Row(c...d)]")),
        ("assert 1.0 == 0.8 ± 1e-05\ncomparison failed\nObtained: 1.0\nExpected: 0.8", ("1.0", "0.8")),
        ("Failed: DID NOT RAISE ValueError", ("no error", "ValueError")),
        ("Failed: DID NOT RAISE <class 'KeyError'>", ("no error", "KeyError")),
    ],
)
def test_the_sides_of_an_assertion_are_told_apart(message: str, sides: tuple[str, str]) -> None:
    assert difference(message) == sides
    assert raised(message) is None


@pytest.mark.parametrize(
    "message", [None, "", "assert False", "assert not True", "TypeError: no len()", "==", "assert"]
)
def test_where_nothing_is_compared_there_are_no_sides(message: str | None) -> None:
    assert difference(message) is None


@pytest.mark.parametrize(
    ("message", "error"),
    [
        ("TypeError: 'NoneType' object is not iterable", "TypeError"),
        ("SyntaxError: '(' was never closed", "SyntaxError"),
        ("json.decoder.JSONDecodeError: no", "JSONDecodeError"),
        ("Everything went well", None),
        (None, None),
    ],
)
def test_an_error_that_ended_a_test_is_named(message: str | None, error: str | None) -> None:
    assert raised(message) == error
