"""What a cue finds: what is said, however it is said."""

import pytest

from rubrics.cues import finder, plain


def found(cue: str, said: str) -> bool:
    return finder(cue)(plain(said))


@pytest.mark.parametrize(
    ("cue", "said"),
    [
        ("mentor", "I mentored her."),
        ("from # to #", "It went from 40 to 9 a shift."),
        ("from # to #", "from forty to nine"),
        ("i *ed her", "I asked her."),
        ("changed .. own", "They changed how they plan their own shifts."),
        ("app.", "We had an app, and more."),
        ("end to end", "I owned it end-to-end."),
        ("so i built", "So, um, I just built it"),
        ("set a target", "I set the target."),
        ("a b test", "in an A/B test"),
        ("trying", "we were tryin' it"),
        ("went down #", "Waste went doon 12 percent."),
        ("after we", "Efter we had shipped it, I measured it again."),
        ("with my manager", "I agreed that wi my manager."),
    ],
)
def test_a_cue_is_found_in_whatever_way_it_is_said(cue: str, said: str) -> None:
    assert found(cue, said)


@pytest.mark.parametrize(
    ("cue", "said"),
    [
        ("app.", "They appealed."),
        ("from # to #", "from him to her"),
        ("i *ed her", "I told her."),
        ("changed .. own", "They changed what all of the others do for their own"),
        ("late", "a translation"),
        ("a b test", "a test"),
        ("the", "the cat"),
        ("i think", "I think so."),
    ],
)
def test_a_cue_is_not_found_in_other_words(cue: str, said: str) -> None:
    assert not found(cue, said)
