import pytest

from agent.errors import LiveKitError, SessionError
from agent.sessions import SessionStore
from agent.settings import Settings
from agent.worker.orders import ordered, read_order
from graphs.errors import LoopError
from knowledge.loader import Content

ID = "20261126-101500-0a1b"


def test_no_metadata_is_an_interview_by_the_settings() -> None:
    order = read_order("")
    assert order.session is None
    assert order.wish is not None
    assert order.wish.as_wish().loop is None


@pytest.mark.parametrize(
    ("metadata", "fault"),
    [
        ("{", "JSON"),
        ('{"session": "../../etc"}', "session"),
        ('{"session": "20261126-101500-0a1b/.."}', "session"),
        ('{"wish": {"loop": "/etc/passwd"}}', "wish.loop"),
        ('{"wish": {"stages": ["behavioral", "../x"]}}', "wish.stages.1"),
        ('{"wish": {"questions": 0}}', "wish.questions"),
        ('{"wish": {"minutes": 100000}}', "wish.minutes"),
        ('{"wish": {"budget": 3}}', "wish.budget"),
        ('{"room": "x"}', "room"),
    ],
)
def test_a_wrong_order_is_refused_by_the_name_of_its_field(metadata: str, fault: str) -> None:
    with pytest.raises(LiveKitError, match=rf"no order: {fault}: "):
        read_order(metadata)


def test_an_ordered_session_is_made_once_and_carried_on_by_its_id(
    settings: Settings, content: Content
) -> None:
    order = read_order(f'{{"session": "{ID}", "wish": {{"stages": ["behavioral"], "questions": 1}}}}')
    first, plan, _ = ordered(settings, content.guide, order)
    again, *_ = ordered(settings, content.guide, order)
    assert (first.id, again.id) == (ID, ID)
    assert plan is not None
    assert [stage.id for stage in plan.stages] == ["behavioral"]
    assert len(SessionStore(settings.sessions_dir).list()) == 1
    carried_on, none, _ = ordered(settings, content.guide, read_order(f'{{"session": "{ID}"}}'))
    assert (carried_on.id, none) == (ID, None)


def test_a_session_that_is_nowhere_needs_a_wish(settings: Settings, content: Content) -> None:
    with pytest.raises(SessionError, match="is no session"):
        ordered(settings, content.guide, read_order(f'{{"session": "{ID}"}}'))
    with pytest.raises(LiveKitError, match="neither"):
        ordered(settings, content.guide, read_order("{}"))
    assert SessionStore(settings.sessions_dir).list() == []


def test_what_the_loop_does_not_have_makes_no_session(settings: Settings, content: Content) -> None:
    with pytest.raises(LoopError, match="juggling"):
        ordered(settings, content.guide, read_order('{"wish": {"stages": ["juggling"]}}'))
    assert SessionStore(settings.sessions_dir).list() == []
