"""How long a silence is taken for thinking."""

from agent.voice.hallucinations import FILLERS, plain

_GOES_ON = frozenset(
    plain("""a about also although an and as at because but by can could do for from had has have how i if in into is it
    its just like maybe my of on or our probably should since so than that the their then there these they this to
    was we well were what when where which while who will with would you your""")
)
"""Words after which a sentence is not over."""
LONGEST_THOUGHT_S = 3.2
"""A silence after which even words that sound unfinished count as an answer, at the shortest."""


def sounds_finished(text: str) -> bool:
    """Whether the last words could end an answer: no hanging "because", comma, "um", or dots."""
    words = plain(text)
    if not words or words[-1] in _GOES_ON | FILLERS:
        return False
    return text.rstrip().endswith((".", "!", "?", '"')) and not text.rstrip().endswith("..")


def wait_s(text: str, patience_s: float) -> float:
    """The silence that ends a turn of which `text` has been heard so far."""
    return patience_s if sounds_finished(text) else max(2 * patience_s, LONGEST_THOUGHT_S)
