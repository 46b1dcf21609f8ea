"""Session features for skip prediction."""

from collections.abc import Sequence
from dataclasses import dataclass

SESSION_GAP_S = 1_800
SKIP_BELOW_S = 30


@dataclass(frozen=True)
class Play:
    user_id: str
    track_id: str
    started_at_s: float
    played_s: float
    duration_s: float


@dataclass(frozen=True)
class Features:
    """What was known about the session when a play started."""

    position: int
    skips_before: int
    skip_streak: int
    since_skip_s: float | None
    is_repeat: bool


def session_features(plays: Sequence[Play]) -> list[Features]:
    """One `Features` for each play, in the order of `plays`, from earlier plays of its session only."""
    ...
