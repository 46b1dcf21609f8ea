"""The SAF corpus: short answers of students to questions on communication networks, scored 0-1 by people.

Short Answer Feedback (Filighera et al., ACL 2022, https://aclanthology.org/2022.acl-long.587), MIT licence; nothing of
it is shipped. The folder holds `training/` and `unseen_answers/` with one XML file a question; both hold answers to the
same questions, so a method that is to be trusted on new questions may be chosen on one half of the questions only.
"""

from pathlib import Path
from typing import Literal, NamedTuple
from xml.etree import ElementTree

from evals.datasets import OVERALL, Item, Rating, Split
from evals.errors import DatasetError

RUBRIC = "saf"
RATER = "human"
Part = Literal["training", "unseen_answers"]


class Corpus(NamedTuple):
    training: list[Item]
    unseen: list[Item]
    references: dict[str, str]
    """The reference answer, by `Item.cluster`."""


def load_saf(folder: Path) -> Corpus:
    """Raises DatasetError naming folder, file and fix."""
    paths = {part: sorted((folder / part).glob("*.xml")) for part in ("training", "unseen_answers")}
    if not all(paths.values()):
        raise DatasetError(
            f"{folder}: holds no training/*.xml and unseen_answers/*.xml\n"
            "  fix: name the folder of the SAF corpus's English questions"
        )
    questions = sorted({path.stem for found in paths.values() for path in found})
    splits: dict[str, Split] = {q: ("calibration", "test")[i % 2] for i, q in enumerate(questions)}
    references: dict[str, str] = {}
    items: dict[str, list[Item]] = {}
    for part, found in paths.items():
        roots = {path: _root(path) for path in found}
        references |= {f"{RUBRIC}/{path.stem}": _reference(path, root) for path, root in roots.items()}
        items[part] = [
            _item(path, answer, _text(path, root, "questionText"), splits[path.stem])
            for path, root in roots.items()
            for answer in root.iter("studentAnswer")
        ]
    return Corpus(items["training"], items["unseen_answers"], references)


def _item(path: Path, answer: ElementTree.Element, question: str, split: Split) -> Item:
    score = _text(path, answer, "score")
    try:
        rating = Rating(rater=RATER, row=OVERALL, score=float(score))
    except ValueError as error:
        raise _broken(path, f"the score {score!r} is not a number") from error
    return Item(
        id=f"{RUBRIC}/{answer.get('id')}",
        rubric=RUBRIC,
        question_id=f"{RUBRIC}/{path.stem}",
        question=question,
        answer=(answer.findtext("response") or "").strip(),
        gold=[rating],
        split=split,
        provenance="human",
        licence="MIT",
    )


def _reference(path: Path, root: ElementTree.Element) -> str:
    found = "\n".join((answer.text or "").strip() for answer in root.iter("referenceAnswer"))
    if not found.strip():
        raise _broken(path, "there is no referenceAnswer")
    return found


def _text(path: Path, element: ElementTree.Element, tag: str) -> str:
    text = " ".join("".join(found.itertext()).split()) if (found := element.find(tag)) is not None else ""
    if not text:
        raise _broken(path, f"a {element.tag} has no {tag}")
    return text


def _root(path: Path) -> ElementTree.Element:
    try:
        return ElementTree.parse(path).getroot()
    except (OSError, ElementTree.ParseError) as error:
        raise _broken(path, str(error)) from error


def _broken(path: Path, fault: str) -> DatasetError:
    return DatasetError(f"{path}: {fault}\n  fix: copy the file anew from the SAF corpus")
