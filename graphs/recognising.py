"""Which rubric row a follow-up is after, as far as its words tell."""

import re
from collections.abc import Mapping, Sequence

LEAST_COMMON = 2
ALIKE = 0.3
"""Share of telling words in common from which a follow-up counts as one of the hand-written ones."""
_KEYWORDS = {
    "situation": "when where who context background stake happening situation company setting",
    "task": "responsible responsibility yours job expected goal finished asked role own",
    "action": "did steps first option options alternatives prepare open approach tried handle",
    "result": "result outcome figures numbers changed afterwards effect end later months improved",
    "reflection": "learn learned lesson differently today again habit hindsight back teach",
    "ownership": "decided responsible initiative unclear asked beyond owner yours scope",
    "depth": "why alternatives compare rule evidence baseline trade option prove wrong",
    "scale": "traffic latency load cost requests production monitor users peak rollout fail",
    "influence": "team teams convince others colleagues persuade stakeholders agreed adopt",
    "impact": "metric users business revenue measured percent experiment difference change",
    "background": "system built responsible project largest shipped role part delivered",
    "motivation": "why next want hope interest regret draws leave keep",
    "culture": "team decide disagree together work people wanted learn",
    "stack": "tool tools language cloud pipeline production framework wrong",
    "logistics": "start date notice relocation visa sponsorship location plan",
    "correctness": "input wrong correct edge case rule order handle",
    "clarity": "read review structure name colleague understand",
    "complexity": "time memory grow larger cost dominates machine running",
    "testing": "test check convince works cases prove",
    "communication": "explain settle idea join ask describe",
}
_STOP = re.compile(
    r"a(?:nd|re|ny)|be(?:en|fore)?|can|could|did|do(?:es)?|for|from|ha[ds]|have|how|in(?:to)?|it|not|of|on|or|out|than"
    r"|th(?:at|e|ere|ese|em|ey|is|ose)|to|wa[sy]|were|wh(?:at|en|ich|ose)|will|with|would|you|your"
)


def row_asked(
    text: str, rows: Sequence[str], follow_ups: Mapping[str, Sequence[str]], asked_before: Sequence[str] = ()
) -> str | None:
    """The row of `rows` that `text` asks about; None where nothing tells. A row asked about before loses a tie."""
    for row, texts in follow_ups.items():
        if text in texts:
            return row
    words = _telling(text)
    near = {
        row: max((_alike(words, _telling(t)) for t in texts), default=0.0)
        for row, texts in follow_ups.items()
    }
    best = max(near, key=near.__getitem__, default=None)
    if best is not None and near[best] >= ALIKE:
        return best
    hits = {row: len(words & _telling(_KEYWORDS.get(row.partition(".")[2], ""))) for row in rows}
    if not any(hits.values()):
        return None
    return max(rows, key=lambda row: (hits[row], row not in asked_before))


def _telling(text: str) -> set[str]:
    return {word for word in re.findall(r"[a-z]{3,}", text.lower()) if not _STOP.fullmatch(word)}


def _alike(one: set[str], other: set[str]) -> float:
    common = len(one & other)
    return common / min(len(one), len(other)) if common >= LEAST_COMMON else 0.0
