"""Even, stable assignment of users to the arms of an experiment."""

from collections.abc import Mapping, Sequence


def assign(
    strata: Mapping[str, str],
    experiment: str,
    arms: Sequence[str],
    existing: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """The arm of every user of `strata` (user id to stratum); users in `existing` (user id to arm) never move."""
    ...
