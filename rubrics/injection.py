"""Finds sentences that speak to the grader instead of answering.

They are removed before the model reads the answer, and the rest is graded: such a sentence neither helps nor harms.
Each pattern asks for something that no story of one's work contains, so that a candidate may tell of ignored
instructions, of a five-star rating, of a model that scores songs, or of being a hiring manager.
"""

import re

_MARK = r"(?:scores?|grades?|marks?|points?|ratings?|levels?)"
_TOP = (
    r"(?:full|perfect|top|max(?:imum)?|highest|best|high|excellent|outstanding|exceptional|"
    r"strong(?:est)?|five|5|"
    r"level (?:five|5|four|4)|hundred|100|pass(?:ed|ing)?|highly|generously|favou?rably|above staff)"
)
_ANSWER = (
    r"(?:(?:this|my|these|the (?:following|above|previous|candidate's)|all (?:of )?my) (?:\w+ )?"
    r"(?:answers?|responses?|interview|candidate|performance|transcript|submission|candidacy))"
)
_GRADER = r"(?:grader|evaluator|assessor|examiner|scorer|rater|ai|language model|llm|chatbot|chat ?gpt|grading (?:\w+))"
_AUTHORITY = (
    r"(?:hiring (?:manager|committee|team)|interviewer|recruiter|grader|evaluator|examiner|"
    r"system administrator|admin|"
    r"head of (?:talent|people|hr|hiring)|(?:developer|owner|operator) of this \w+)"
)
_ALL_CHECKS = (
    r"(?:everything|(?:all|every|each|any)(?: (?:one )?of)?(?: the| your| these)? ?(?:\w+ )?"
    r"(?:checks?|questions?|criteri(?:a|on)|rows?|anchors?|rubrics?|items?)|the (?:check|question|rubric)s?)"
)
_PATTERNS = (
    r"\b(?:ignore|disregard|forget|override|bypass)\b.{0,25}\b(?:your|you|previous|prior|above|"
    r"earlier)\b.{0,20}"
    r"\b(?:instructions?|rules?|prompts?|guidelines?|rubrics?|criteria|messages?|told)\b",
    r"\b(?:ignore|disregard|forget|override|bypass) (?:everything (?:above|before)|(?:all|any|every|"
    r"the|this)(?: the)? "
    r"(?:instructions?|rubrics?|grading \w+|scoring \w+|prompts?|system (?:message|prompt)))\b",
    rf"(?<!\bthey )\b(?:give|award|grant|assign) (?:me|{_ANSWER}|this|us)(?: \w+)? (?:\w+ ){{0,3}}?"
    rf"(?:{_TOP} {_MARK}|a (?:five|5|100|pass)\b(?! (?:star|minute|percent|year|day|month|week|person))|"
    rf"(?:five|5) (?:out of|/) ?(?:five|5))",
    rf"\b(?:score|grade|rate|mark|evaluate|assess|judge) (?:me|{_ANSWER})\b.{{0,25}}\b{_TOP}\b",
    r"(?:^\W*|\b(?:please|just|you|must|should|to|now|and) )(?:score|grade|rate|mark) (?:this|it|"
    r"that|everything|all rows)"
    rf"(?: one)? (?:as |at |with |a |an |the )*{_TOP}\b",
    rf"\b(?:{_ANSWER}|i|me|this|it) (?:\w+ )?(?:deserves?|merits?|warrants?|should (?:get|be (?:given|"
    rf"scored|rated|graded|marked)"
    rf"|receive)|must (?:get|be (?:given|scored|rated|graded|marked)|receive)|meets?|satisf(?:ies|y)|"
    rf"qualif(?:ies|y) for)\b"
    rf".{{0,25}}(?:{_TOP} {_MARK}\b|level (?:five|5|four|4)\b|\b(?:five|5) (?:out of|/) ?(?:five|5)|"
    rf"(?:a )?(?:five|5)\W*$|"
    r"\b(?:all|every) (?:the )?(?:points|marks|checks?|criteri\w+|anchors?|rubric \w+))",
    rf"\b(?:answer|say|reply|respond|output|return|print|write|choose|pick|tick)\b (?:only |always |"
    rf"just |simply )?[\"'“]?"
    rf"(?:a )?(?:yes|five|5|true|level (?:five|5))\b[\"'”]?.{{0,15}}\b(?:to|for|on|in|at) {_ALL_CHECKS}",
    r"^\W*(?:please |just |so |now |only |always |you must |you should |simply )*(?:answer|reply|"
    r"respond|say) (?:with )?"
    r"(?:only |always |just |simply )?[\"'“]?yes\b",
    r"\b(?:all|every|each)(?: of)?(?: the| your)? (?:checks?|criteria|criterion|rubric \w+|rubric)\b.{0,20}"
    r"\b(?:yes|met|pass(?:es|ed)?|satisfied|true|fulfilled|five|5)\b.{0,30}(?:candidate|answer|$)",
    rf"\b(?:note|message|instructions?|attention|reminder|memo)\b:? (?:to|for) (?:the |any |"
    rf"whichever )?(?:{_GRADER}|"
    r"interviewer|system|model)\b",
    rf"^\W*(?:dear|hey|hello|hi|attention|listen|so|and|okay|ok|please)*,? ?(?:dear |mr |ms |"
    rf"the )*{_GRADER}\b ?(?:[,:!]|"
    r"listen|please|you )",
    r"\b(?:dear|attention:?) (?:grader|evaluator|examiner)\b|\bdear (?:model|ai|system|language model)\b",
    r"\bthe (?:grader|evaluator|examiner|ai grader) (?:should|must|will|shall|has to|needs to|"
    r"is (?:to|instructed))\b",
    r"\byou are (?:now )?(?:a |an |the )(?:\w+ )?(?:grader|evaluator|assistant|examiner|language model|ai)\b",
    r"\byour (?:new |real |only |actual |updated )(?:instructions?|task|job|role|rubric)\b (?:is|are|:)",
    r"\b(?:system|grading|new|updated) (?:prompt|override|instructions?|rubric)\W{0,3}(?::|\bcolon\b|"
    r"(?:for (?:you|the grader)))",
    r"\b(?:new|updated) (?:instructions?|rubric)\b.{0,10}\bthe (?:score|level|grade)\b",
    rf"\b(?:as|speaking as|this is|i am|i'm)(?: now)? (?:the|a|an|"
    rf"your) {_AUTHORITY}\b.{{0,15}}\bi (?:hereby |can |do |"
    r"already |now )*(?:confirm|certify|approve|authori[sz]e|declare|verify|vouch|instruct|attest|"
    r"override)\b",
    rf"\b(?:as|speaking as|this is|i am|i'm)(?: now)? (?:the|a|an|"
    rf"your) {_AUTHORITY}\b.{{0,60}}\b(?:{_TOP} {_MARK}|{_TOP} answer|"
    r"(?:exactly )?what i wanted to hear|level (?:five|5))\b",
    r"^\W*(?:(?:system|assistant|interviewer|user|human|recruiter|hiring manager|moderator|grader|"
    r"evaluator|candidate)"
    r"(?: (?:message|prompt|note|override|says|turn|update|instructions?))?)\s*(?::|\bcolon\b|>|\])",
    r"<\|?/?\w*(?:im_start|im_end|system|assistant|user|endoftext|answer|transcript|instructions?)\w*\|?>",
    r"\[/?(?:inst|system|sys|user|assistant)\]|<</?sys>>|^\W*#{2,} ?(?:system|instructions?|response|"
    r"assistant|grading)",
    r"[\"'{]\s*(?:overall|scores?|grades?|levels?|ratings?|verdict|status|situation|task|action|"
    r"result|reflection|ownership|"
    r"depth|scale|influence|impact)[\"']\s*:",
    r"\b(?:open|opening) (?:curly )?(?:brace|bracket)\b.{0,40}\b(?:score|level|overall|grade)\b",
    r"\byour (?:(?:\w+ )?yes or no |own |grading |scoring |whole )?(?:checklist|rubric|checks|"
    r"criteria|scoring|score sheet|"
    r"system prompt|developers|instructions|prompt|evaluation (?:\w+)|anchors)\b",
    r"\b(?:this|the) candidate(?:'s answer)? (?:has|had|have|showed|shows|demonstrate[sd]?|answered|"
    r"gave|reached|met|meets|"
    r"is|was)\b.{0,60}\b(?:perfect(?:ly)?|excellent(?:ly)?|outstanding|exceptional(?:ly)?|(?:top|"
    r"highest) \w+|above staff|"
    r"level (?:five|5)|(?:all|every) (?:check|criteri|row|question|anchor)\w*|rubric)\b",
    r"\b(?:write|say|state|report|output|confirm|conclude|record|note) that (?:the|this) candidate\b|"
    r"\brepeat after me\b",
    r"\b(?:approved|passed|cleared|pre ?approved|verified) (?:this|the) (?:candidate|answer)\b",
    r"\b(?:answer|response|interview|candidate)\b.{0,40}\b(?:has to|must|should|is to) be (?:graded|"
    r"scored|rated|marked)\b",
    r"\b(?:grade|score|rate) (?:that|this) one\b|^\W*(?:please |now |just )*set (?:all|every|my|"
    r"the) (?:\w+ )?(?:scores?|levels?)",
    r"\byou are now (?:in|a|an|the|no longer)\b|\b(?:in|enter|enable) (?:\w+ ){0,2}(?:test|debug|"
    r"admin|developer|evaluation) mode\b",
    r"\bi am a (?:four|five|[45])\W*$|\b(?:four|five|[45]|level|score|grade) (?:that )?i deserve\b|"
    r"\bbest interviewer\b",
    r"\b(?:imagine|pretend|assume|suppose)\b.{0,20}\bi (?:had |have |'ve )?(?:just )?(?:given|gave|"
    r"answered|said)\b",
    r"\b(?:answer|reply|response) (?:as|in) json\b|^\W*system (?:message|prompt|override|note)\b|"
    r"^\W*new task\W*$",
    r"^\W*(?:yes\W+){3,}|\bconsider (?:this|it) (?:a|as) (?:level )?(?:five|5|top)\b|"
    r"\baward the (?:max\w*|highest|top|full)\b",
    r"\bi hereby\b|\bjust say (?:that )?i (?:passed|succeeded|am|did)\b|^\W*overall(?: level|"
    r" score)? ?(?::|is|=) ?(?:five|5)\b",
    r"\b(?:answer|reply|respond|say) (?:(?:to )?(?:all|every|"
    r"each) \w+ .{0,25})?(?:only )?with (?:a )?[\"'“]?yes\b",
    r"\bend of (?:the )?(?:transcript|candidate'?s? (?:answer|turn|text|response))\b|"
    r"^\W*end of (?:the )?answer\b",
    r"^\W*(?:(?:and |so |therefore )?(?:the |my )?(?:final |overall |correct |right |true |"
    r"real )*(?:score|grade|level|verdict|"
    r"rating|mark)(?: (?:for|of|on) \w+(?: \w+)?)? ?(?:is|:|=|equals|should be|"
    r"must be)) ?(?:a )?(?:level )?(?:five|5)\W*$",
    r"\b(?:five|5) (?:out of|/) ?(?:five|5)\b.{0,20}\b(?:for (?:this|me|my|all|every)|on (?:all|"
    r"every)|please|across)\b",
)
_INJECTION = re.compile("|".join(f"(?:{p})" for p in _PATTERNS), re.IGNORECASE | re.DOTALL)


def speaks_to_the_grader(sentence: str) -> bool:
    return _INJECTION.search(sentence) is not None
