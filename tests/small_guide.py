"""A guide of three topics in a folder of its own, small enough to see through and to break on purpose."""

from pathlib import Path
from typing import Any

import yaml

KINDS = ("opening", "deep-dive", "scenario")
_SUBJECTS = {
    "baking": "bread dough flour oven yeast crust loaf sourdough butter pastry kneading proofing",
    "sailing": "boat wind sail harbour tide anchor rudder mast knot compass deck hull",
    "chess": "pawn queen rook bishop knight castling checkmate opening endgame gambit board clock",
}
SUBJECTS = {topic: words.split() for topic, words in _SUBJECTS.items()}
"""Twelve telling words for each topic."""


def write_guide(folder: Path) -> Path:
    """Writes it and returns `folder`."""
    for name in ("topics", "questions", "phrasings"):
        (folder / name).mkdir(parents=True)
    write(folder / "guide.yaml", guide())
    for slug, words in SUBJECTS.items():
        write(folder / "topics" / f"{slug}.yaml", topic(slug, words))
        write(folder / "questions" / f"{slug}.yaml", bank(slug, words))
        said = [f"so we talked of {w} and of {words[i - 1]} back then" for i, w in enumerate(words)]
        write(folder / "phrasings" / f"{slug}.yaml", {"topic": slug, "phrasings": said})
    return folder


def write(path: Path, value: Any) -> None:
    path.write_text(yaml.safe_dump(value, sort_keys=False), encoding="utf-8")


def edit(path: Path, **changes: Any) -> None:
    """Replaces top-level fields of a file."""
    write(path, yaml.safe_load(path.read_text(encoding="utf-8")) | changes)


def guide() -> dict[str, Any]:
    return {
        "id": "small",
        "title": "A small guide",
        "role": "Hobbyist",
        "level": "Any",
        "company": "None",
        "summary": "Three hobbies.",
        "stages": [
            {
                "id": "hobbies",
                "title": "Hobbies",
                "minutes": 20,
                "interviewers": "A friend.",
                "what_happens": "You talk.",
                "staff_bar": "You know what you do.",
                "advice": ["Eat before.", "Sleep well.", "Come on time."],
                "topics": list(SUBJECTS),
                "rubrics": ["staff", "star.result"],
            }
        ],
        "facts": [
            {
                "id": "parking",
                "ask": ["Where can I park?", "Is there parking?"],
                "answer": "Behind the house.",
            }
        ],
    }


def topic(slug: str, words: list[str]) -> dict[str, Any]:
    return {
        "id": slug,
        "title": slug.title(),
        "stage": "hobbies",
        "summary": f"All about {' '.join(words)}.",
        "points": [
            {
                "id": f"p{i}",
                "text": f"The {words[i]} should suit the {words[(i + 3) % 12]} in {slug}.",
                "why": f"Bad {words[i]}.",
            }
            for i in range(1, 9)
        ],
        "mistakes": [f"Forgetting the {w}." for w in words[:3]],
        "terms": words[:6],
        "reading": [f"The book of {w}" for w in words[:2]],
    }


def bank(slug: str, words: list[str]) -> dict[str, Any]:
    questions = [
        {
            "id": f"q{i + 1}",
            "kind": KINDS[i % 3],
            "text": f"In {slug}, what would you do about the {words[i]} when the {words[i + 6]} fails you?",
            "rows": ["staff.depth", "staff.impact"],
            "points": ["p1", f"p{i + 2}"],
            "follow_ups": {
                "staff.depth": [
                    f"What do you know of {words[i]}?",
                    f"How deep does {words[i + 1]} go in {slug}?",
                ],
                "staff.impact": [
                    f"What did {words[i]} change?",
                    f"Whom did {words[i + 2]} help back in {slug}?",
                ],
            },
        }
        for i in range(6)
    ]
    outline = {
        level: [f"{level} says {w} of {slug}." for w in words[:3]]
        for level in ("senior", "staff", "above_staff")
    }
    return {"topic": slug, "questions": questions, "study": {"question": "q2", **outline}}
