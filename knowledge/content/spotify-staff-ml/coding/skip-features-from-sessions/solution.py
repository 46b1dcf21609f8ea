"""Session features for skip prediction."""

from collections.abc import Sequence
from dataclasses import dataclass, field

SESSION_GAP_S = 1_800
SKIP_BELOW_S = 30


@dataclass(frozen=True)
class Play:
    user_id: str
    track_id: str
    started_at_s: float
    played_s: float
    duration_s: float

    @property
    def ended_at_s(self) -> float:
        return self.started_at_s + self.played_s

    @property
    def is_skip(self) -> bool:
        return self.played_s < SKIP_BELOW_S and self.played_s < self.duration_s


@dataclass(frozen=True)
class Features:
    """What was known about the session when a play started."""

    position: int
    skips_before: int
    skip_streak: int
    since_skip_s: float | None
    is_repeat: bool


@dataclass
class Session:
    """What one session has shown so far."""

    ended_at_s: float
    position: int = 0
    skips: int = 0
    streak: int = 0
    last_skip_ended_at_s: float | None = None
    tracks: set[str] = field(default_factory=set)

    def features_of(self, play: Play) -> Features:
        last = self.last_skip_ended_at_s
        since_skip_s = None if last is None else play.started_at_s - last
        return Features(self.position, self.skips, self.streak, since_skip_s, play.track_id in self.tracks)

    def add(self, play: Play) -> None:
        """Learn the outcome of `play`; to be called after its features were taken."""
        self.ended_at_s = play.ended_at_s
        self.position += 1
        self.tracks.add(play.track_id)
        if play.is_skip:
            self.skips += 1
            self.streak += 1
            self.last_skip_ended_at_s = play.ended_at_s
        else:
            self.streak = 0


def session_features(plays: Sequence[Play]) -> list[Features]:
    """One `Features` for each play, in the order of `plays`, from earlier plays of its session only."""
    features: dict[int, Features] = {}
    sessions: dict[str, Session] = {}
    for index in sorted(range(len(plays)), key=lambda i: plays[i].started_at_s):
        play = plays[index]
        session = sessions.get(play.user_id)
        if session is None or play.started_at_s - session.ended_at_s > SESSION_GAP_S:
            session = sessions[play.user_id] = Session(play.started_at_s)
        features[index] = session.features_of(play)
        session.add(play)
    return [features[index] for index in range(len(plays))]
