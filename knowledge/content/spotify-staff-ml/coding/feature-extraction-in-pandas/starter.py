"""Point-in-time correct features for impressions."""

import pandas as pd

SKIP_BELOW_MS = 30_000
WINDOW = pd.Timedelta(days=7)


def extract_features(impressions: pd.DataFrame, plays: pd.DataFrame, tracks: pd.DataFrame) -> pd.DataFrame:
    """One row per impression, in its order, from plays strictly before it was shown."""
    ...
