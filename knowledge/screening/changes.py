"""What differs between two scripts, and whether candidates of the one may still be compared with those of the other."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from knowledge.documents import Place, field_name
from knowledge.screening.loader import LoadedScript

Effect = Literal["asked", "measured", "said", "kept"]
EFFECTS: Mapping[Effect, str] = {
    "asked": "candidates of the two versions answered different questions: do not compare them",
    "measured": "the same words may get another level: rate both again before comparing",
    "said": "candidates were told something else; their answers can still be compared",
    "kept": "nothing that candidates heard",
}
_MISSING = "(nothing)"


@dataclass(frozen=True)
class Change:
    field: str
    before: str
    after: str
    effect: Effect


def changes(before: LoadedScript, after: LoadedScript) -> list[Change]:
    """By field; questions, competencies, knock-outs and facts are matched by their ids, and their order counts."""
    old, new = dict(_leaves(_content(before), ())), dict(_leaves(_content(after), ()))
    places = [*old, *(place for place in new if place not in old)]
    return [
        Change(field_name(place), old.get(place, _MISSING), new.get(place, _MISSING), _effect(place))
        for place in places
        if old.get(place) != new.get(place)
    ]


def _content(loaded: LoadedScript) -> dict[str, Any]:
    facts = [fact.model_dump(mode="json") for fact in loaded.facts]
    return {**loaded.script.model_dump(mode="json"), "facts": facts}


def _leaves(value: Any, place: Place) -> Iterator[tuple[Place, str]]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _leaves(inner, (*place, str(key)))
    elif isinstance(value, Sequence) and not isinstance(value, str):
        named = all(isinstance(each, Mapping) and "id" in each for each in value)
        if named and value:
            yield (*place, "order"), ", ".join(each["id"] for each in value)
        for index, inner in enumerate(value):
            yield from _leaves(inner, (*place, inner["id"] if named else index))
    else:
        yield place, str(value)


def _effect(place: Place) -> Effect:
    head = place[0]
    if head == "questions":
        return "measured" if "anchors" in place else "kept" if "minutes" in place else "asked"
    if head == "knockouts":
        return "asked" if place[-1] in ("text", "order", "id") else "kept"
    if head == "competencies":
        return "measured"
    if head in (
        "consent",
        "accommodations",
        "candidate_questions",
        "facts",
        "closing",
        "interviewer",
        "minutes",
    ):
        return "said"
    return "kept"
