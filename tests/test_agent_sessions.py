import zipfile
from pathlib import Path

import pytest
from pydantic import BaseModel

from agent import sessions
from agent.errors import SessionError
from agent.sessions import SessionStore, append_durably, read_lines, write_atomically


class Row(BaseModel):
    n: int


@pytest.fixture
def store(tmp_path: Path) -> SessionStore:
    return SessionStore(tmp_path / "sessions")


def test_a_session_is_found_by_its_id_by_its_beginning_and_as_the_last_one(store: SessionStore) -> None:
    session = store.create(title="practice", mode="typed")
    for name in (session.id, session.id[:8], "last"):
        assert store.get(name).folder == session.folder


def test_an_unknown_session_is_named_and_the_way_to_list_them_is_told(store: SessionStore) -> None:
    with pytest.raises(SessionError, match=r"'nope' is no session.*sessions list"):
        store.get("nope")


def test_a_session_name_cannot_leave_the_sessions_folder(store: SessionStore) -> None:
    store.create(title="practice", mode="typed")
    for name in ("../..", "..", "/etc", ""):
        with pytest.raises(SessionError):
            store.get(name)


def test_deleting_a_session_leaves_nothing_of_it(store: SessionStore) -> None:
    session = store.create(title="practice", mode="typed")
    (session.folder / "candidate.wav").write_bytes(b"voice")
    store.delete(session)
    assert list(store.root.iterdir()) == []


def test_a_session_that_is_open_elsewhere_is_neither_opened_nor_deleted(store: SessionStore) -> None:
    session = store.create(title="practice", mode="typed")
    with session.locked(), pytest.raises(SessionError, match="open in another window"):
        store.delete(store.get(session.id))
    assert session.folder.exists()


def test_whether_a_session_is_open_can_be_asked_without_opening_it(store: SessionStore) -> None:
    session = store.create(title="practice", mode="typed")
    assert not session.held
    with session.locked():
        assert store.get(session.id).held
    assert not session.held


def test_a_session_with_damaged_details_is_still_listed_and_can_be_deleted(store: SessionStore) -> None:
    session = store.create(title="practice", mode="typed")
    (session.folder / "session.json").write_text("{half")
    found = store.list()
    assert [s.id for s in found] == [session.id]
    store.delete(found[0])
    assert store.list() == []


def test_no_session_begins_on_a_disk_that_is_nearly_full(
    store: SessionStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions, "LEAST_FREE_BYTES", 1 << 62)
    with pytest.raises(SessionError, match=r"MiB free.*SOUNDCHECK_DATA_DIR"):
        store.create(title="practice", mode="typed")
    assert store.list() == []


def test_an_export_holds_every_file_of_the_session(store: SessionStore, tmp_path: Path) -> None:
    session = store.create(title="practice", mode="typed")
    (session.folder / "report.md").write_text("# report")
    archive = store.export(session, tmp_path / "out.zip")
    names = zipfile.ZipFile(archive).namelist()
    assert sorted(names) == [f"{session.id}/report.md", f"{session.id}/session.json"]


def test_a_line_cut_short_by_a_crash_is_dropped_and_the_next_one_kept(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    append_durably(path, Row(n=1))
    with path.open("a") as file:
        file.write('{"n": 2')
    assert read_lines(path, Row) == [Row(n=1)]
    append_durably(path, Row(n=3))
    assert read_lines(path, Row) == [Row(n=1), Row(n=3)]


def test_a_damaged_line_in_the_middle_is_an_error_that_names_it(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text('{"n": 1}\nnonsense\n{"n": 3}\n')
    with pytest.raises(SessionError, match="line 2 is damaged"):
        read_lines(path, Row)


def test_a_failed_write_leaves_the_old_file_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "report.md"
    write_atomically(path, "old")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(SessionError, match="the disk is full"):
        write_atomically(path, "new")
    assert path.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["report.md"]
