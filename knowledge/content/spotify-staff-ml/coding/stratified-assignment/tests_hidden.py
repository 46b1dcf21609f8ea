import builtins
import random
from collections import Counter

import pytest
from solution import assign

ARMS = ["control", "a", "b"]
USERS = {f"user-{i}": f"market-{i % 7}" for i in range(700)}


def test_another_process_comes_to_the_same_result(monkeypatch):
    # what differs between processes is `hash`
    def salted(salt):
        return lambda thing: hash_here((salt, thing))

    hash_here, expected = hash, assign(USERS, "x", ARMS)
    for salt in ("1", "2"):
        monkeypatch.setattr(builtins, "hash", salted(salt))
        assert assign(USERS, "x", ARMS) == expected


def test_the_order_of_the_users_and_global_randomness_play_no_part():
    expected = assign(USERS, "x", ARMS)
    shuffled = list(USERS.items())
    random.Random(1).shuffle(shuffled)
    random.seed(99)
    assert assign(dict(shuffled), "x", ARMS) == expected


def test_arms_differ_by_one_at_most_in_every_stratum():
    users = {f"u{i}-{n}": f"stratum-{n}" for n in range(40) for i in range(n)}
    result = assign(users, "x", ARMS)
    for n in range(1, 40):
        sizes = Counter(result[user] for user in users if users[user] == f"stratum-{n}")
        counts = [sizes[arm] for arm in ARMS]
        assert max(counts) - min(counts) <= 1


def test_tiny_strata_favour_no_arm():
    result = assign({f"u{i}": f"alone-{i}" for i in range(3_000)}, "x", ARMS)
    assert all(850 < count < 1_150 for count in Counter(result.values()).values())
    pairs = {f"u{i}": f"pair-{i // 2}" for i in range(3_000)}
    assert all(850 < count < 1_150 for count in Counter(assign(pairs, "x", ARMS).values()).values())


def test_experiments_divide_the_same_users_independently():
    users = {f"u{i}": "SE" for i in range(4_000)}
    first, second = assign(users, "radio-7", ["c", "t"]), assign(users, "radio-8", ["c", "t"])
    together = Counter((first[u], second[u]) for u in users)
    assert len(together) == 4
    assert all(850 < count < 1_150 for count in together.values())


def test_existing_users_stay_and_new_ones_fill_the_smallest_arms():
    existing = {f"old-{i}": "control" for i in range(6)}
    users = dict.fromkeys(existing, "SE") | {f"new-{i}": "SE" for i in range(6)}
    result = assign(users, "x", ["control", "t"], existing)
    assert all(result[user] == "control" for user in existing)
    assert all(result[f"new-{i}"] == "t" for i in range(6))


def test_existing_users_of_another_stratum_do_not_tip_the_balance():
    existing = {f"old-{i}": "control" for i in range(10)}
    users = dict.fromkeys(existing, "SE") | {f"new-{i}": "BR" for i in range(10)}
    result = assign(users, "x", ["control", "t"], existing)
    assert Counter(result[f"new-{i}"] for i in range(10)) == {"control": 5, "t": 5}


def test_existing_users_who_are_not_asked_for_are_ignored():
    gone = {f"gone-{i}": "control" for i in range(10)} | {"closed": "an arm of long ago"}
    users = {f"u{i}": "SE" for i in range(10)}
    result = assign(users, "x", ["control", "t"], gone)
    assert result.keys() == users.keys()
    assert Counter(result.values()) == {"control": 5, "t": 5}


def test_an_existing_arm_that_is_no_longer_there_is_refused():
    with pytest.raises(ValueError):
        assign({"ada": "SE"}, "x", ["control", "t"], {"ada": "closed"})


def test_repeated_arm_names_are_refused():
    with pytest.raises(ValueError):
        assign({"ada": "SE"}, "x", ["control", "control"])


def test_joining_in_batches_keeps_everyone_and_stays_even():
    everyone, result = list(USERS), {}
    for size in (100, 333, 500, 700):
        users = {user: USERS[user] for user in everyone[:size]}
        later = assign(users, "x", ARMS, result)
        assert all(later[user] == arm for user, arm in result.items())
        result = later
    for market in set(USERS.values()):
        sizes = Counter(result[user] for user in USERS if USERS[user] == market)
        assert max(sizes.values()) - min(sizes.values()) <= 1


def test_the_inputs_are_left_as_they_were():
    users, existing = {"ada": "SE", "ben": "SE"}, {"ada": "t"}
    assign(users, "x", ["control", "t"], existing)
    assert users == {"ada": "SE", "ben": "SE"}
    assert existing == {"ada": "t"}
