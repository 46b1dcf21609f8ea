"""Even, stable assignment of users to the arms of an experiment."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence


def assign(
    strata: Mapping[str, str],
    experiment: str,
    arms: Sequence[str],
    existing: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """The arm of every user of `strata` (user id to stratum); users in `existing` (user id to arm) never move."""
    if len(arms) < 2 or len(set(arms)) < len(arms):
        raise ValueError("arms must be at least two different names")
    assigned: dict[str, str] = {}
    sizes: defaultdict[str, Counter[str]] = defaultdict(Counter)
    new: defaultdict[str, list[str]] = defaultdict(list)
    for user, stratum in strata.items():
        arm = (existing or {}).get(user)
        if arm is None:
            new[stratum].append(user)
        elif arm not in arms:
            raise ValueError(f"user {user!r} is in arm {arm!r}, which is not among {list(arms)}")
        else:
            assigned[user] = arm
            sizes[stratum][arm] += 1
    for stratum, users in new.items():
        deal(users, sizes[stratum], shuffled(arms, experiment, "arm", stratum), assigned, experiment)
    return assigned


def deal(
    users: list[str], sizes: Counter[str], arms: Sequence[str], assigned: dict[str, str], experiment: str
) -> None:
    """Give each user, in hashed order, the arm with the fewest users so far; ties go to the earlier of `arms`."""
    for user in shuffled(users, experiment, "user"):
        assigned[user] = min(arms, key=lambda arm: sizes[arm])
        sizes[assigned[user]] += 1


def shuffled(names: Sequence[str], *salt: str) -> list[str]:
    """`names` in an order that looks random, but depends on them and the salt alone."""
    return sorted(names, key=lambda name: digest(*salt, name))


def digest(*parts: str) -> bytes:
    """The length in front of each part keeps `("ab", "c")` apart from `("a", "bc")`."""
    encoded = (part.encode() for part in parts)
    return hashlib.sha256(b"".join(b"%d:%s" % (len(part), part) for part in encoded)).digest()
