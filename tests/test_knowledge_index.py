import json
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from knowledge.errors import IndexUnavailable
from knowledge.generations import DATABASE, SEAL, Generations, model_fingerprint
from knowledge.index import Index
from knowledge.loader import load_content
from knowledge.models import GUIDE
from knowledge.passages import digest_of, entries_of
from tests.fake_embedding import FakeEmbedding
from tests.small_guide import SUBJECTS, edit, write_guide


@pytest.fixture
def guide(tmp_path: Path) -> Path:
    return write_guide(tmp_path / "guide")


@pytest.fixture
def index(tmp_path: Path, guide: Path) -> Iterator[Index]:
    index = Index(tmp_path / "index", FakeEmbedding())
    index.build(load_content(guide))
    yield index
    index.close()


def built(folder: Path) -> Path:
    (path,) = [p.parent for p in folder.glob(f"*/{SEAL}")]
    return path


def test_the_topic_of_a_sentence_comes_first_with_its_nearest_passage(index: Index) -> None:
    text = "the wind and the tide took us past the harbour"
    first, second, third = index.topics(text)
    assert (first.topic, first.stage) == ("sailing", "hobbies")
    assert 1 >= first.score > second.score >= third.score >= 0
    assert first.passage == index.search(text, topic="sailing")[0].passage


def test_the_shares_of_all_topics_add_up_to_one(index: Index) -> None:
    assert sum(hit.score for hit in index.topics("queen and rook", limit=99)) == pytest.approx(1.0, abs=1e-3)


def test_search_gives_the_nearest_passages_of_any_kind_but_phrasings(index: Index) -> None:
    hits = index.search("so we talked of flour", limit=30)
    assert "phrasing" not in {hit.kind for hit in hits}
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert len({hit.source for hit in hits}) == len(hits) == 30


def test_search_can_keep_to_one_topic(index: Index) -> None:
    assert {hit.topic for hit in index.search("bread and flour", limit=10, topic="chess")} == {"chess"}


def test_a_fact_is_found_by_any_way_of_asking_and_shows_its_answer_once(index: Index) -> None:
    hits = index.search("is there parking", limit=10, topic=GUIDE)
    assert [(hit.kind, hit.source, hit.passage) for hit in hits] == [
        ("fact", "guide/parking", "Behind the house.")
    ]


def test_a_fact_is_never_a_topic(index: Index) -> None:
    assert {hit.topic for hit in index.topics("where can I park", limit=99)} == set(SUBJECTS)


def test_coverage_is_that_of_the_best_sentence(index: Index, guide: Path) -> None:
    point = load_content(guide).topics["chess"].points[0]
    answer = f"I like cheese a lot on Sundays. {point.text} And that is all I know about it."
    covered = index.coverage(answer, ["chess/p1", "baking/p1", "chess/p99"])
    assert covered["chess/p1"] == pytest.approx(1.0, abs=1e-4)
    assert covered["baking/p1"] < 0.9
    assert covered["chess/p99"] == 0.0
    assert index.coverage("", ["chess/p1"]) == {"chess/p1": 0.0}


def test_a_current_index_is_opened_without_embedding_anything(
    tmp_path: Path, guide: Path, index: Index
) -> None:
    again = FakeEmbedding()
    second = Index(tmp_path / "index", again)
    assert second.build(load_content(guide)).embedded == 0
    assert again.embedded == []
    assert second.topics("bread")[0].topic == "baking"
    second.close()


def test_only_what_changed_is_embedded_and_what_is_gone_is_removed(
    tmp_path: Path, guide: Path, index: Index
) -> None:
    edit(guide / "topics" / "chess.yaml", summary="A queen rules a garden of roses.")
    bank = load_content(guide).banks["chess"]
    edit(guide / "questions" / "chess.yaml", questions=[q.model_dump() for q in bank.questions[:6]])
    embedding = FakeEmbedding()
    changed = Index(tmp_path / "index", embedding)
    done = changed.build(load_content(guide))
    assert embedding.embedded == ["Chess. A queen rules a garden of roses."]
    assert (done.embedded, done.removed) == (1, 1)
    assert changed.search("garden of roses")[0].source == "chess"
    assert all(
        "clock" not in hit.passage for hit in changed.search("All about the clock") if hit.source == "chess"
    )
    changed.close()


def test_another_model_embeds_everything_anew(tmp_path: Path, guide: Path, index: Index) -> None:
    other = Index(tmp_path / "index", FakeEmbedding("other"))
    done = other.build(load_content(guide))
    assert done.embedded == done.texts
    other.close()


def test_a_rebuild_embeds_everything_anew(guide: Path, index: Index) -> None:
    done = index.build(load_content(guide), rebuild=True)
    assert done.embedded == done.texts
    assert index.topics("bread")[0].topic == "baking"


def test_progress_ends_with_everything_done(tmp_path: Path, guide: Path) -> None:
    shown: list[tuple[int, int]] = []
    index = Index(tmp_path / "index", FakeEmbedding())
    done = index.build(load_content(guide), progress=lambda n, total: shown.append((n, total)))
    assert shown[-1] == (done.texts, done.texts)
    index.close()


@pytest.mark.parametrize("damage", ["database", "vectors", "seal", "missing"])
def test_a_damaged_index_is_built_again_with_a_notice(tmp_path: Path, guide: Path, damage: str) -> None:
    content, notices = load_content(guide), list[str]()
    first = Index(tmp_path / "index", FakeEmbedding())
    first.build(content)
    first.close()
    folder = built(tmp_path / "index")
    match damage:
        case "database":
            (folder / DATABASE).write_bytes(b"not a database" * 999)
        case "vectors":
            (large,) = folder.rglob("data_level0.bin")
            large.write_bytes(large.read_bytes()[:100])
        case "seal":
            (folder / SEAL).write_text("{", encoding="utf-8")
        case "missing":
            (folder / DATABASE).unlink()
    index = Index(tmp_path / "index", FakeEmbedding(), notice=notices.append)
    assert index.build(content).embedded > 0
    assert index.topics("wind and sail")[0].topic == "sailing"
    assert len(notices) == 1
    assert "damaged: building it again" in notices[0]
    index.close()


def test_a_build_that_was_killed_leaves_nothing_behind_that_counts(tmp_path: Path, guide: Path) -> None:
    content = load_content(guide)
    half = Generations(tmp_path / "index", "fake").new(digest_of(entries_of(content)))
    with sqlite3.connect(half / DATABASE) as connection:
        connection.execute("create table half (built)")
    index = Index(tmp_path / "index", FakeEmbedding())
    assert index.build(content).embedded > 0
    assert not half.exists()
    index.close()


def test_the_last_index_stays_for_those_who_still_read_it(tmp_path: Path, guide: Path, index: Index) -> None:
    for word in ("rose", "lily", "tulip"):
        edit(guide / "topics" / "chess.yaml", summary=f"A {word}.")
        newer = Index(tmp_path / "index", FakeEmbedding())
        newer.build(load_content(guide))
        newer.close()
    assert len(list((tmp_path / "index").glob(f"*/{SEAL}"))) == 2


def test_the_same_content_gives_the_same_results_on_every_build(
    tmp_path: Path, guide: Path, index: Index
) -> None:
    other = Index(tmp_path / "elsewhere", FakeEmbedding())
    other.build(load_content(guide))
    text = "what would you do about the mast and the butter"
    assert other.topics(text) == index.topics(text)
    assert other.search(text, limit=20) == index.search(text, limit=20)
    other.close()


BUILD = """
import json, sys
from pathlib import Path
from knowledge.index import Index
from knowledge.loader import load_content
from tests.fake_embedding import FakeEmbedding

embedding = FakeEmbedding()
index = Index(Path(sys.argv[1]), embedding)
index.build(load_content(sys.argv[2]))
print(json.dumps([index.topics("wind and sail")[0].topic, len(embedding.embedded)]))
index.close()
"""


def test_processes_that_open_it_at_once_build_it_once(tmp_path: Path, guide: Path) -> None:
    command = [sys.executable, "-c", BUILD, str(tmp_path / "index"), str(guide)]
    root = Path(__file__).parent.parent
    workers = [subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    results = [json.loads(worker.communicate()[0]) for worker in workers]
    assert [found for found, _ in results] == ["sailing", "sailing"]
    assert min(embedded for _, embedded in results) <= 1 < max(embedded for _, embedded in results)


def test_searching_before_a_build_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(IndexUnavailable, match="call build first"):
        Index(tmp_path, FakeEmbedding()).search("x")


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path, guide: Path) -> None:
    blocked = tmp_path / "blocked"
    blocked.write_text("a file", encoding="utf-8")
    with pytest.raises(IndexUnavailable, match="SOUNDCHECK_CACHE_DIR"):
        Index(blocked / "index", FakeEmbedding()).build(load_content(guide))


def test_a_missing_model_names_the_command_that_brings_it(tmp_path: Path) -> None:
    with pytest.raises(IndexUnavailable, match="soundcheck models pull embedding"):
        model_fingerprint(tmp_path)


def test_no_dotenv_of_the_working_folder_reaches_chroma(
    tmp_path: Path, guide: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env").write_text("CHROMA_API_IMPL=nonsense\nALLOW_RESET=maybe\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    index = Index(tmp_path / "index", FakeEmbedding())
    assert index.build(load_content(guide)).embedded > 0
    index.close()


def test_vectors_of_the_fake_are_of_length_one() -> None:
    lengths = np.linalg.norm(FakeEmbedding().embed(["a b c", "bread", ""]), axis=1)
    assert lengths == pytest.approx([1.0, 1.0, 1.0])


def test_a_sound_index_survives_being_moved(tmp_path: Path, guide: Path) -> None:
    first = Index(tmp_path / "here", FakeEmbedding())
    first.build(load_content(guide))
    first.close()
    shutil.move(tmp_path / "here", tmp_path / "there")
    second = Index(tmp_path / "there", FakeEmbedding())
    assert second.build(load_content(guide)).embedded == 0
    assert second.topics("pawn and queen")[0].topic == "chess"
    second.close()
