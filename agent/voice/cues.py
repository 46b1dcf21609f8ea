"""Words and phrases that tell whether somebody has finished; `endings` says what follows from them."""

import re

from agent.voice.hallucinations import plain

HANGING = frozenset(
    plain("""a also although an and as because but every if into its like my nor or our since so than the their
    then to unless until upon versus via whereas whether which while who whose why when whenever where how what your
    i we he she they basically very roughly approximately quite mostly only just even some each another several many
    let's there's that's i'm we're they're i'd we'd i've we've it's""")
)
"""Words after which a sentence is not over, whatever full stop the recogniser put there."""
VERBS = frozenset(
    plain("""am is are was were be been being have has had do does did will would can could should may might must not
    isn't wasn't don't doesn't didn't can't couldn't won't wouldn't""")
)
"""They end a sentence in a short reply ("Yes, we did."), or behind a "what" ("as it was")."""
REPLIES = frozenset(plain("i no they we yes"))
PREPOSITIONS = frozenset(
    plain("""about after around at before between by during for from in of on onto over per through toward towards
    under with within without""")
)
"""They end a sentence that holds a "what": "what we were working on"."""
THAT_AFTER = frozenset(
    plain("""is was be so say said says think thought know knew mean means meant found believe believed sure fact idea
    now given except see saw show showed reason argued told""")
)
OBJECTS = frozenset(plain("he it she them these this those"))
JOINS = frozenset(plain("and because but if or so when which"))
"""Nobody ends a sentence with an object right behind one of these."""
YES_OR_NO = frozenset(plain("yes yeah yep no nope sure exactly correct right"))
SHORT_REPLY = 5
BRIEF = 10
"""Words of a turn that may well be the beginning of more: "We monitored the latency."."""
MORE_AFTER = frozenset(plain("a are get gets got had has have is much need was were"))
OPENS_CLAUSE = re.compile(
    r"(?:(?:and|but|so) )?(?:(?:when|whenever|if|although|while|as soon as)\b.*"
    r"|(?:after|before|once) (?!that |a |all )(?:\S+ ){0,5}\S+)"
)
ENDS_ANYWAY = re.compile(
    r"(?:(?:since|by|until|back|even) then|(?:tests?|months?|years?|ever|it) since"
    r"|(?:need|want|have|had|able|used|like) to"
    r"|each other|or so|think so|as well|and (?:why|how|when)|so what"
    r"|(?:know|knew|tell|told) (?:\S+ )?(?:why|how|what|where|when)|in the end|not before|percent only)$"
)
COMPARES = frozenset(plain("as than which how"))
RELATIVE = frozenset(
    plain("as than what which that who whom where how whatever something anything everything nothing")
)

THINKING = re.compile(
    r"(?:let me see|let's see|how (?:should|do|can|could|would) i (?:put|say|explain|describe|phrase|store|do) .{1,30}"
    r"|(?:what|who|when|where|which|how) (?:was|were|is) (?:it|that|he|she|the (?:name|word))\b.{0,30}"
    r"|what(?:'s| is| was) the (?:word|name|term)\b.{0,20}|what do you call (?:it|that)|where was i|what else"
    r"|(?:how|what|why|where|when) (?:did|would|should|do|could) (?:i|we)\b.{0,40}"
    r"|i (?:have to|need to|must) think|(?:just )?trying to remember.{0,20}|hmm+|good question)"
)
MUTTERS = re.compile(
    r"\b(?:what (?:was|is) (?:it|he|she) called|what(?:'s| is| was) (?:it|the (?:word|name|term))(?: called)?"
    r"|what do you call (?:it|that)|how do you say|i forgot the name)$"
)
"""Behind a sentence that it breaks off."""
ANNOUNCED = re.compile(
    r"let me (?:start|begin|first|give|walk|take|explain|tell|describe|put|break)\b.*"
    r"|i(?:'ll| will|'d like to| would like to) (?:start|begin|give you|walk you|tell you|take you)\b.*"
    r"|(?:that's |it's )?(?:a )?(?:very |really )?(?:good|great|interesting|tough|tricky|hard) (?:question|one|point)"
    r"|the (?:\w+ )?(?:reason|problem|idea|point|thing|trouble|challenge|goal|difficulty)\b.{0,60} that"
    r"|it depends|for example|for instance|the thing is|here's the thing|here is what .{1,30}"
    r"|(?:and )?there (?:are|were|is) (?:a few|a couple of|several|some|many|different|two|three|four|five|various)\b"
    r"(?!.*\b(?:and|where|which|who|that (?!$)|in|on|for|with|at|from)\b).*"
)
LET_ME_THINK = re.compile(
    r"\b(?:let me think|give me (?:a|one) (?:second|sec|minute|moment)|bear with me|hold on|hang on)\b"
    r"(?: \S+){0,6}$"
)
WAIT = frozenset(["wait"])
COUNTS = {
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "couple": 2,
    "few": 1,
    "several": 1,
    "first": 2,
    "for": 2,
}
LIST_OF = re.compile(
    r"\b(?:there (?:are|were)|i (?:did|have|had|see|would|can)|we (?:did|had|have)|for|it has|it had|had) (?:\w+ )?"
    r"(two|three|four|five|couple of|few|several) (?:\w+ )?(?:things|parts|reasons|ways|steps|points|questions|options|"
    r"stages|aspects|problems|ideas|sides|phases|kinds|types|layers|pieces)\b"
    r"|(?:^|[.!?] )(?:and |so |well |okay )?(first)(?:ly|ly,|,| of all| i| we| the)\b|\b(for) one thing\b"
)
ORDINALS = {
    "second": 2,
    "secondly": 2,
    "other": 2,
    "another": 2,
    "third": 3,
    "thirdly": 3,
    "fourth": 4,
    "fifth": 5,
}
LAST_ITEM = re.compile(r"(?i)and\b|finally|lastly")
CLOSES_LIST = re.compile(
    r"\b(?:finally|lastly|last|at the end|in the end|after that|and then|that's|those are|so in|which is why)\b"
)
LONGEST_LIST = 30
DETERMINERS = ("the ", "a ", "an ", "some ")
TO_INTERVIEWER: frozenset[str] = frozenset(
    [
        "repeat",
        "clarify",
        "hint",
        "done",
        "skip",
        "time",
        "pause",
        "stop",
        "feedback",
        "identity",
        "add",
    ]
)
OWN_QUESTION: frozenset[str] = frozenset(["question"])
"""It may go on behind a breath: "How do you measure whether a launch ... was worth it?"."""
TRAILS_OFF = re.compile(
    r"\b(?:(?:so|and) yeah|and so (?:on|forth)|or something(?: like that)?|and stuff|that kind of thing"
    r"|things like that|et cetera|etc|i guess|you know)$"
)
ALL_SAID = re.compile(r"\bthat(?:'s|'d be| would be) (?:it|that|all|my answer)$")
LEAD = re.compile(r"^(?:(?:okay|ok|so|well|yeah|yes|right|alright|sure|oh|and|but|um|uh|hmm|now)[,.]? )+")
YIELDS = re.compile(
    r"(?:(?:oh|ah|no|sorry|i'm sorry|excuse me|my bad|pardon|please|okay|yes|yeah|you) )*"
    r"(?:sorry|(?:please )?(?:go on|go ahead|continue|carry on|keep going|finish|after you|you go(?: first| ahead| on)?"
    r"|don't mind me|never mind|nevermind|go first|(?:i )?didn't mean to interrupt(?: you)?))"
    r"(?: (?:please|sorry))*"
)
