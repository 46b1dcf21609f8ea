"""The page: safe with hostile words, readable without colour or sound, alone in the world."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from agent.report.delivery_models import Gap
from agent.report.models import Audio, Report
from agent.report.render_html import TEMPLATES, render_html
from tests.report_sessions import MADE, SessionBuilder, practice_session, report_of

HOSTILE = (
    '<script>alert("1")</script><img src=x onerror=alert(2)>"\' {{ 7 * 7 }} </style><!-- javascript:alert(3)'
)
SOUND = "data:audio/mpeg;base64,AAAA"
TRACK = Audio(media_type="audio/mpeg", duration_s=600, spans=[Gap(start_s=0, end_s=600)], sha256="0")


class Elements(HTMLParser):
    """Every start tag with its attributes, and the text outside scripts and styles."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self._raw = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        self._raw = tag in ("script", "style")

    def handle_endtag(self, tag: str) -> None:
        self._raw = False

    def handle_data(self, data: str) -> None:
        self.text += "" if self._raw else data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.found if name == tag]


@pytest.fixture
def report(tmp_path: Path) -> Report:
    return report_of(practice_session(tmp_path)).model_copy(update={"audio": TRACK})


@pytest.fixture
def hostile(tmp_path: Path) -> Report:
    """Every text that a person or a model can put in is an attack."""
    builder = SessionBuilder(tmp_path / "hostile")
    info = builder.session.info.model_copy(update={"title": HOSTILE})
    builder.session.info = info
    builder.say("interviewer", "greeting", HOSTILE)
    answer = builder.ask(
        "mentorship/q1", f"I said {HOSTILE} once.", HOSTILE, probes=[HOSTILE], doubtful=["img"]
    )
    builder.grade(answer, {"star": {"action": (2.0, [HOSTILE])}}, flags=["injection", HOSTILE])
    refused = builder.ask("mentorship/q2", HOSTILE)
    builder.refuse(refused, "star", HOSTILE)
    return report_of(builder)


def test_hostile_words_add_no_element_and_no_attribute(report: Report, hostile: Report) -> None:
    usual, attacked = Elements(render_html(report)), Elements(render_html(hostile))
    assert {tag for tag, _ in attacked.found} <= {tag for tag, _ in usual.found} | {"section"}
    assert len(attacked.all("script")) == len(attacked.all("style")) == 1
    assert not [name for _, attributes in attacked.found for name in attributes if name.startswith("on")]
    assert attacked.text.count('<script>alert("1")</script>') > 5


def test_templates_in_an_answer_are_not_run(hostile: Report) -> None:
    assert "{{ 7 * 7 }}" in render_html(hostile)


def test_the_policy_forbids_everything_but_the_page_itself(report: Report) -> None:
    page = Elements(render_html(report))
    policy = next(m["content"] for m in page.all("meta") if m.get("http-equiv") == "Content-Security-Policy")
    assert policy is not None
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy
    assert "http" not in policy


def test_nothing_is_fetched_from_anywhere(report: Report) -> None:
    page = Elements(render_html(report, audio_src=SOUND))
    addresses = [a for _, attributes in page.found for k, a in attributes.items() if k in ("src", "href")]
    assert addresses
    assert all(a and a.startswith(("#", "data:")) for a in addresses)
    assert "@import" not in _css()
    assert "url(" not in _css()


def test_no_element_carries_a_style_of_its_own(report: Report) -> None:
    assert not [a for _, a in Elements(render_html(report)).found if "style" in a]


def test_every_quote_of_a_spoken_session_has_a_play_button_at_its_second(report: Report) -> None:
    page = Elements(render_html(report, audio_src=SOUND))
    seconds = {float(b["data-at"] or -1) for b in page.all("button") if "data-at" in b}
    quotes = {q.at_s for a in report.answers for row in a.rows for q in row.quotes}
    assert quotes <= seconds
    labels = [b.get("aria-label") or "" for b in page.all("button") if "data-at" in b]
    assert all(label.startswith("Play from ") for label in labels)


def test_without_sound_there_are_times_but_no_buttons(report: Report) -> None:
    page = Elements(render_html(report))
    assert not [b for b in page.all("button") if "data-at" in b]
    assert not page.all("audio")
    assert "0:17" in page.text


def test_a_second_that_the_track_does_not_hold_has_no_button(report: Report) -> None:
    track = TRACK.model_copy(update={"spans": [Gap(start_s=0, end_s=5)]})
    page = Elements(render_html(report.model_copy(update={"audio": track}), audio_src=SOUND))
    assert all(float(b["data-at"] or -1) < 5 for b in page.all("button") if "data-at" in b)


def test_every_drawing_says_in_words_what_it_shows(report: Report) -> None:
    page = Elements(render_html(report, audio_src=SOUND))
    drawings = page.all("svg")
    named = [d for d in drawings if d.get("role") == "img"]
    assert all(d.get("aria-label") for d in named)
    bare = [d for d in drawings if d.get("role") != "img" and d.get("aria-hidden") != "true"]
    strips = 1 + len(report.delivery.answers if report.delivery else [])
    assert len(bare) < strips


def test_headings_and_anchors_fit_together(report: Report) -> None:
    page = Elements(render_html(report))
    ids = [a["id"] for _, a in page.found if "id" in a]
    assert len(ids) == len(set(ids))
    targets = [(a["href"] or "")[1:] for a in page.all("a") if "href" in a]
    assert set(targets) <= set(ids)
    labelled = [a["aria-labelledby"] for _, a in page.found if "aria-labelledby" in a]
    assert set(labelled) <= set(ids)


def test_it_says_that_it_is_practice_and_what_is_uncalibrated(report: Report) -> None:
    text = Elements(render_html(report)).text
    assert "Practice, not a hiring decision." in text
    assert "Uncalibrated levels" in text
    assert "not scored" in text
    assert f"soundcheck sessions delete {report.header.session}" in text


def test_a_session_without_a_word_still_makes_a_page(tmp_path: Path) -> None:
    page = Elements(render_html(report_of(SessionBuilder(tmp_path, mode="typed"), finished=False)))
    assert "No question was answered" in page.text
    assert not page.all("table")


def test_the_same_report_gives_the_same_page(report: Report) -> None:
    assert render_html(report) == render_html(report.model_copy(update={"made": MADE}))


PAIRS = [
    ("ink", "paper", 7.0),
    ("ink", "card", 7.0),
    ("soft", "paper", 4.5),
    ("soft", "card", 4.5),
    ("accent", "paper", 4.5),
    ("accent", "card", 4.5),
    ("on-accent", "accent", 4.5),
    ("ink", "accent-soft", 4.5),
    ("ink", "bed", 4.5),
    ("caution", "caution-bed", 4.5),
    ("ink", "caution-bed", 4.5),
    *((f"heat-{i}-ink", f"heat-{i}", 4.5) for i in range(1, 6)),
]


@pytest.mark.parametrize("scheme", [0, 1, 2], ids=["light", "dark", "print"])
def test_text_stands_out_from_its_ground(scheme: int) -> None:
    colours: dict[str, str] = {}
    for number, block in enumerate(re.findall(r":root \{(.*?)\}", _css(), re.DOTALL)):
        if number in (0, scheme):
            colours |= dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", block))
    faint = [(a, b) for a, b, least in PAIRS if _contrast(colours[a], colours[b]) < least]
    assert faint == []


def _css() -> str:
    return (TEMPLATES / "report.css").read_text()


def _contrast(first: str, second: str) -> float:
    """As the Web Content Accessibility Guidelines define it."""
    light, dark = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
