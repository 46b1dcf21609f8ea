"""How long a silence is taken for thinking."""

from agent.voice.hallucinations import FILLERS, plain

_GOES_ON = frozenset(
    plain("""a also although an and as at because but by for from if in into its like my of on or our since so than
    the their then to until which while who with your""")
)
"""Words after which a sentence is not over, whatever full stop the recogniser put there."""
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
