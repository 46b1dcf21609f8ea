from collections import Counter

import pytest
from solution import assign

ARMS = ["control", "new"]


def test_the_example_of_the_statement_holds():
    users = {"ada": "SE", "ben": "SE", "cleo": "SE", "dora": "SE"}
    first = assign(users, "radio-7", ARMS)
    assert Counter(first.values()) == {"control": 2, "new": 2}
    later = assign({**users, "egon": "SE"}, "radio-7", ARMS, existing=first)
    assert {user: later[user] for user in users} == first
    assert later["egon"] in ARMS


def test_every_stratum_is_divided_evenly():
    users = {f"u{i}": "SE" if i < 10 else "BR" for i in range(30)}
    result = assign(users, "radio-7", ARMS)
    assert Counter((users[u], arm) for u, arm in result.items()) == {
        ("SE", "control"): 5,
        ("SE", "new"): 5,
        ("BR", "control"): 10,
        ("BR", "new"): 10,
    }


def test_nobody_to_assign_gives_an_empty_result():
    assert assign({}, "radio-7", ARMS) == {}


def test_a_single_arm_is_refused():
    with pytest.raises(ValueError):
        assign({"ada": "SE"}, "radio-7", ["control"])
