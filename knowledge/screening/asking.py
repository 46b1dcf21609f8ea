"""Whether a question leads to an answer, or asks two things: by the words that give either away, for English only.

The rules find what people write without thinking. They cannot see a leading question put in other words.
"""

import re

_PRONOUN = r"(?:you|it|that|this|we|there|they|he|she)"
_AUX = r"(?:do|does|did|is|are|was|were|would|could|should|will|can|have|has|had)"
_NOT = rf"(?:{_AUX}|wo|ca)n't"
_LEADING = re.compile(
    rf"\b{_NOT} {_PRONOUN}\b|^(?:so |but |well |and )?{_NOT}\b"
    rf"|, (?:right|correct|yes|no|surely|i (?:suppose|guess|assume|take it))\?\s*$|^you\b[^?]* (?:right|correct)\?\s*$"
    rf"|, {_AUX}(?:n't)? {_PRONOUN}\?\s*$"
    r"|(?:^|[,.;] ?|\byou )(?:surely|obviously|clearly|of course|naturally|needless to say)\b"
    r"|\bas (?:we|you) (?:all |both )?know\b|^(?:everybody|everyone|we all|nobody) (?:knows?|agrees?|doubts?)\b"
    r"|(?:^|[,.;:] )i (?:assume|suppose|guess|presume|imagine|take it|trust|hope|bet|think|believe|expect|am sure)\b"
    r"|\bi'm (?:sure|certain|convinced|guessing)\b|\bdon't tell me\b|^so you\b"
    r"|^you(?:'d| would| will| must| do| probably| certainly)? (?:agree|admit)\b"
    r"|\b(?:would|do) you (?:not )?agree that (?!with\b)"
    r"|\byou must (?:have|be)\b"
    r"|\b(?:fair|safe|right) to (?:say|assume)\b|\bwould you say that you\b|\bisn't it true\b"
    r"|\bhow (?:much|strongly) (?:do )?you (?:love|like|enjoy|agree|admire|support|hate)\b"
    r"|\bhow (?:great|amazing|awful|terrible|wonderful|nice) (?:was|is|were|are|would)\b"
    r"|\bhow (?:excited|happy|proud|keen|glad|passionate|sorry) (?:were|are|was|would) you\b"
    r"|\bwhy (?:is|are) \w+(?: \w+){0,3} (?:the best|better than|so (?:great|important|good))\b"
    r"|\bwhy do you (?:think|believe|feel) (?:that )?[^?]{1,40} (?:is|are|was|were) (?:\w+ )?"
    r"(?:bad|good|wrong|right|better|worse|best|worst|important|useless|great)\b"
    r"|\bgiven (?:how|that) (?:\w+ ){0,3}(?:bad|good|great|important|useless|wrong)\b"
    r"|(?:^|[.!:] |here )we (?:believe|expect|want|like|value|are looking for)\b[^?]*\?"
    r"|^(?:here )?we (?:love|hate|admire|prefer)\b"
    r"|^we are an? (?:\w+,? ){0,2}(?:friendly|young|dynamic|great|close|tight|strong|happy|fun|fast|ambitious)\b",
    re.IGNORECASE,
)
_ASKS = (
    r"(?:what|how|why|when|where|which|who|whom|tell me|describe|explain"
    r"|(?:do|does|did|are|is|was|were|have|has|had|can|could|would|will|should)(?:n't)? "
    r"(?:you|it|they|that|there|we|i|your))"
)
_DOUBLE = re.compile(
    rf"(?:[,;]| and| or| as well as| plus)(?: also| then)?,? (?:please )?{_ASKS}\b(?! (?:else|not)\b)",
    re.IGNORECASE,
)
_TWO_THINGS = re.compile(
    r"(?:,| and| or| as well as)+(?: also)? about (?:an?|the|your)\b"
    r"|(?<=\b)(?:tell me about|describe|what(?:'s| is| are| was| were)) (?!.*\bbetween\b)(?:your|an?|the|one) "
    r"(?:[\w'-]+ ){1,6}?(?<!you )(?P<second>and (?:your|an? (?:time|success|failure|mistake)|one)\b)",
    re.IGNORECASE,
)
_BEGINS_ASKING = re.compile(rf"\b(?:please )?{_ASKS}\b", re.IGNORECASE)
_NOT_A_SECOND = re.compile(
    r"\b(?:know|knew|see|saw|show|say|said|decide|decided|explain|understand|learn|find|found|check|settle|between|where"
    r"|of|on|from|than|both|choose) (?:\w+ )?(?:what|how|why|when|where|which|who)\b[^,?]*(?:,| and| or) "
    r"(?:what|how|why|when|where|which|who)\b"
    r"|\b(?:know|knew|see|saw|show|say|said|decide|decided|explain|understand|learn|find|found|check|settle)\b[^,?]*"
    r"(?:,| and| or) (?:what|how|why|when|where|which|who)\b",
    re.IGNORECASE,
)
_ASKED_AFTER_ALL = re.compile(
    rf"^[^?]*?, (?:so |and |then )?({_ASKS}\b(?:[^\w?]+[\w'-]+){{3,}}[?.]?)$", re.IGNORECASE
)
"""A lead before a question of its own."""
_YOU = re.compile(
    r"^you(?:'d|'ll)? (?:do |did |must have |must be |would |will |have |are |were |never )*", re.IGNORECASE
)
_REWORDED = tuple(
    (re.compile(pattern, re.IGNORECASE), other)
    for pattern, other in (
        (r"^how (?:great|amazing|awful|terrible|wonderful|nice) (?=was|is|were|are|would)", "how "),
        (r"^how \w+ (?:were|are|was|would) you (?:be )?to (.*)$", r"what would it mean to you to \1"),
        (r"^how \w+ (?:were|are|was|would) you (?:about|with|of) (.*)$", r"what do you think about \1"),
        (r"^(?:tell me )?how (?:much|strongly) (?:do )?you \w+ (.*)$", r"what do you think about \1"),
        (r"^why do you \w+ (?:that )?(.*?) (?:is|are|was|were) .*$", r"what do you think about \1"),
        (r"^why (?:is|are) (.*?) (?:the best|better|so)\b.*$", r"what do you think about \1"),
        (rf"^(?:so |but |well |and )?({_AUX})n't (?!you\b|it true\b|tell me\b)", r"\1 "),
    )
)
_LEADS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf",? (?:{_AUX}(?:n't)? {_PRONOUN}|right|correct|yes|no|surely|i (?:suppose|guess|assume|take it))\?\s*$",
        r"\b(?:surely|obviously|clearly|of course|naturally|needless to say),? ?",
        r"^(?:as (?:we|you) (?:all |both )?know|(?:everybody|everyone|we all) knows? that|don't tell me(?: that)?),? ?",
        r"^(?:i (?:assume|suppose|guess|presume|imagine|take it|trust|hope|bet|think|believe|expect|am sure)"
        r"|i'm (?:sure|certain|convinced|guessing))(?: that)? ?",
        rf"^(?:so |but |well )?{_NOT} (?:you|it|that) (?:think|agree|say|feel|true)?(?: that)? ?",
        r"^(?:(?:would|do) you (?:not )?|you(?:'d| would| will| must)? )agree (?:that )?",
        r"^would it be (?:fair|safe|right) to (?:say|assume)(?: that)? ?|^so (?=you\b)",
    )
)


def leading_words(text: str) -> str | None:
    found = _LEADING.search(text.strip().replace("’", "'"))
    return found[0].strip(" ,.;") if found else None


def second_question(text: str) -> str | None:
    """The words from which a second question begins."""
    _, mark, rest = text.partition("?")
    if mark and "?" in rest:
        return rest.strip()
    asking = _BEGINS_ASKING.search(text)
    if asking is None:
        return None
    if listed := _TWO_THINGS.search(text):
        return text[listed.start("second") if listed["second"] else listed.start() :].lstrip(", ")
    if _NOT_A_SECOND.search(text):
        return None
    found = _DOUBLE.search(text, asking.end())
    return text[found.start() :].lstrip(",; ") if found else None


def first_question(text: str, second: str) -> str:
    """The question without the second one."""
    first = text[: text.index(second)].rstrip(" ,;")
    for joint in ("and", "or", "plus", "as well as", "also", "then"):
        first = first.removesuffix(f" {joint}").rstrip(" ,;")
    first = first.rstrip(".?")
    return f"{first}{'?' if _is_question(first) else '.'}"


def neutral(text: str) -> str:
    """The question without its lead, as far as that can be done by rule."""
    bare = " ".join(text.replace("’", "'").split())
    if asked := _ASKED_AFTER_ALL.search(bare):
        return _sentence(asked[1])
    for pattern, other in _REWORDED:
        if pattern.search(bare):
            return _sentence(pattern.sub(other, bare, count=1))
    for lead in _LEADS:
        bare = lead.sub("", bare, count=1).strip(" ?.,;")
    about = _YOU.sub("", bare)
    kind = "What has been your experience with this" if about != bare else "What do you think about this"
    return f"{kind}: {about[:1].lower()}{about[1:]}?"


def _sentence(text: str) -> str:
    words = text.strip(" ?.,;")
    return f"{words[:1].upper()}{words[1:]}{'?' if _is_question(words) else '.'}"


def _is_question(text: str) -> bool:
    return not re.match(
        r"(?:please |and )?(?:tell|describe|explain|walk|give|take)\b", text.strip(), re.IGNORECASE
    )
