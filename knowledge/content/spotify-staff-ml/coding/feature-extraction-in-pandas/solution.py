"""Point-in-time correct features for impressions."""

import pandas as pd

SKIP_BELOW_MS = 30_000
WINDOW = pd.Timedelta(days=7)


def extract_features(impressions: pd.DataFrame, plays: pd.DataFrame, tracks: pd.DataFrame) -> pd.DataFrame:
    """One row per impression, in its order, from plays strictly before it was shown."""
    artists = tracks.drop_duplicates("track_id").set_index("track_id")["artist_id"]
    shown = impressions.reset_index(drop=True).assign(
        artist_id=impressions["track_id"].map(artists).to_numpy()
    )
    played = plays.assign(artist_id=plays["track_id"].map(artists), skip=plays["played_ms"] < SKIP_BELOW_MS)
    played = played.sort_values("played_at", kind="stable")

    until = history_before(shown, played, ["user_id"], shown["shown_at"])
    before_window = history_before(shown, played, ["user_id"], shown["shown_at"] - WINDOW)
    same_artist = history_before(
        shown, played[played["artist_id"].notna()], ["user_id", "artist_id"], shown["shown_at"]
    )
    plays_7d = until["plays"] - before_window["plays"]
    skips_7d = until["skips"] - before_window["skips"]
    return pd.DataFrame(
        {
            "impression_id": shown["impression_id"],
            "plays_7d": plays_7d,
            "skip_rate_7d": skips_7d / plays_7d.where(plays_7d > 0),
            "artist_plays": same_artist["plays"],
            "hours_since_play": (shown["shown_at"] - until["played_at"]) / pd.Timedelta(hours=1),
        }
    )


def history_before(
    shown: pd.DataFrame, played: pd.DataFrame, by: list[str], moments: pd.Series
) -> pd.DataFrame:
    """For each row of `shown`: plays and skips of its group strictly before its moment, and the time of the latest.

    `played` is sorted by time. Of plays at the same time the last one carries the full count, and it is the one that
    the as-of join finds.
    """
    groups = played.groupby(by)
    history = played[[*by, "played_at"]].assign(
        plays=groups.cumcount() + 1, skips=groups["skip"].cumsum().astype("int64")
    )
    asked = shown[by].assign(moment=moments)
    asked = asked[asked[by].notna().all(axis=1)].sort_values("moment", kind="stable")
    found = pd.merge_asof(
        asked, history, left_on="moment", right_on="played_at", by=by, allow_exact_matches=False
    )
    found = found.set_axis(asked.index).reindex(shown.index)
    counts = found[["plays", "skips"]].fillna(0).astype("int64")
    return counts.assign(played_at=found["played_at"])
