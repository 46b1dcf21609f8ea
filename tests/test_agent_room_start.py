"""The start page: what it offers, and what is listed of earlier sessions."""

import subprocess
import sys

from starlette.testclient import TestClient

from agent.room.house import House
from agent.sessions import SessionStore
from agent.settings import Settings
from knowledge.loader import Content

ATTACK = '"><img src=x onerror="window.hit=1"><script>window.hit=2</script>'


def test_every_loop_stage_and_topic_can_be_chosen(room: TestClient, content: Content) -> None:
    text = room.get("/").text
    for value in ("practice", "full", "onsite", "screen"):
        assert f'name="loop" value="{value}"' in text
    for stage in content.guide.stages:
        assert f'name="stages" value="{stage.id}"' in text
        for topic in stage.topics:
            assert f'<option value="{topic}">' in text


def test_a_session_is_listed_with_what_can_be_done_with_it(room: TestClient, house: House) -> None:
    session = house.store.create(title="Behavioral, 1 question", mode="spoken")
    text = room.get("/").text
    assert f'href="/room/{session.id}"' in text
    assert "Behavioral, 1 question" in text


def test_a_hostile_title_is_shown_as_text(room: TestClient, house: House) -> None:
    house.store.create(title=ATTACK, mode="spoken")
    text = room.get("/").text
    assert "<img" not in text
    assert "<script>" not in text
    assert "&lt;img src=x" in text


def test_deleting_leaves_nothing(room: TestClient, settings: Settings) -> None:
    store = SessionStore(settings.sessions_dir)
    session = store.create(title="Gone", mode="spoken")
    assert room.delete(f"/api/sessions/{session.id}").status_code == 204
    assert not session.folder.exists()
    assert room.delete(f"/api/sessions/{session.id}").status_code == 404


def test_the_first_page_waits_for_no_heavy_library() -> None:
    heavy = "{'langgraph', 'langchain_core', 'livekit', 'faster_whisper', 'onnxruntime', 'chromadb', 'pandas', 'numpy'}"
    script = f"import sys, agent.cli, agent.room.serving; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
