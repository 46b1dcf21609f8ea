"""The interviewer's own voice, come back through the microphone: its words are not the candidate's."""

from collections.abc import Sequence
from difflib import SequenceMatcher

from agent.voice.hallucinations import plain
from agent.voice.words import Word

_SHARE = 0.6
"""Of the words heard that are also in what is being said, in the same order: an echo."""
_RUN = 3
"""So many words in a row are no coincidence."""


def without_echo(words: Sequence[Word], spoken: str, *, until_s: float) -> list[Word]:
    """The words that are the candidate's own. `spoken` is what the interviewer says, or said until `until_s`.

    Where most of them are an echo there are none; otherwise only a run of echoed words at the beginning is left out.
    """
    early = [word for word in words if word.start_s < until_s]
    tokens = [" ".join(plain(word.text)) for word in early]
    said = plain(spoken)
    if not early or not said:
        return list(words)
    blocks = SequenceMatcher(None, tokens, said, autojunk=False).get_matching_blocks()
    echoed = sum(block.size for block in blocks)
    runs = [block for block in blocks if block.size >= _RUN]
    if echoed >= _RUN and echoed >= _SHARE * len(tokens):
        return list(words[len(early) :])
    return list(words[runs[-1].a + runs[-1].size :]) if runs and runs[0].a == 0 else list(words)
