"""What a later stage may know of an earlier one: the topics talked about and a project that was described."""

import re
from collections import Counter

from graphs.deps import Deps
from graphs.lines import Floor, spoken_title, word_set
from graphs.state import StageMemory, State, plan_of, words_of

_MADE = r"built|build|designed|led|lead|launched|shipped|own|owned|rebuilt|migrated|created|ran|run|wrote|rolled out"
_KIND = (
    r"system|pipeline|model|platform|service|recommender|ranker|engine|classifier|store|framework|tool|library|forecast|"
    r"detector|scorer|dashboard|index|cache"
)
_PROJECT = re.compile(
    rf"\b(?:{_MADE}|worked on) (?:a|an|the|our|my|this|that) ((?:[a-z][a-z-]+ ){{1,3}}(?:{_KIND}))\b"
)


def remember(state: State) -> StageMemory:
    """What the stage under way leaves behind."""
    stage = plan_of(state).stages[state["place"]["stage"]]
    answers = [a for a in state["answers"] if a["stage"] == stage.id and a["parts"] and not a["skipped"]]
    said = " ".join(words_of(state, answer) for answer in answers)
    topics = list(dict.fromkeys(answer["topic"] for answer in answers))
    return StageMemory(stage=stage.id, name=stage.interviewer.name, topics=topics, project=project_in(said))


def project_in(said: str) -> str | None:
    """The project named most often in "I built the ...", as a noun phrase with an article; None where none is clear."""
    plain = " ".join(re.sub(r"[^a-z' -]+", " ", said.lower()).split())
    found = Counter(
        name
        for name in _PROJECT.findall(plain)
        if not word_set("vague_words").intersection(name.split()[:-1])
    )
    if not found:
        return None
    return f"the {found.most_common(1)[0][0]}"


def recall(state: State, floor: Floor, deps: Deps) -> str:
    """A sentence for a later stage's opening about what an earlier one learned; empty where nothing fits."""
    for memory in reversed(state["memory"]):
        if memory["project"]:
            return floor.line("memory_project", name=memory["name"], project=memory["project"])
    for memory in reversed(state["memory"]):
        titles = [spoken_title(deps.topics[t].title) for t in memory["topics"] if t in deps.topics]
        if titles:
            return floor.line("memory_topic", name=memory["name"], topic=titles[0])
    return ""
