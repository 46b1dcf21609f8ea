"""Text as it is written, turned into text that a voice reads aloud as people would say it."""

import re

_SAID = {
    "A/B": "A B",
    "A/A": "A A",
    "AUC": "A U C",
    "API": "A P I",
    "APIs": "A P Is",
    "AWS": "A W S",
    "BM25": "B M twenty-five",
    "CI/CD": "C I C D",
    "CPU": "C P U",
    "CTR": "C T R",
    "ETL": "E T L",
    "GCP": "G C P",
    "GPU": "G P U",
    "GPUs": "G P Us",
    "JSON": "Jason",
    "kNN": "K N N",
    "KPI": "K P I",
    "KPIs": "K P Is",
    "LLM": "L L M",
    "LLMs": "L L Ms",
    "LRU": "L R U",
    "ML": "M L",
    "MLOps": "M L Ops",
    "MRR": "M R R",
    "NaN": "not a number",
    "nDCG": "N D C G",
    "NDCG": "N D C G",
    "NLP": "N L P",
    "PyTorch": "Pie Torch",
    "QPS": "Q P S",
    "ROI": "R O I",
    "SQL": "sequel",
    "SLA": "S L A",
    "SLO": "S L O",
    "SLOs": "S L Os",
    "TTL": "T T L",
    "UX": "U X",
    "and/or": "and or",
    "e.g.": "for example",
    "etc.": "et cetera",
    "i.e.": "that is",
    "vs": "versus",
    "vs.": "versus",
    "w/": "with",
}
_WORD = re.compile(
    "|".join(rf"(?<![\w/]){re.escape(w)}(?![\w/])" for w in sorted(_SAID, key=len, reverse=True))
)
_METRIC_AT = re.compile(r"\b([A-Za-z][\w ]*?)@(\d+|k|K)\b")
_PERCENTILE = re.compile(r"\bp(\d{2})(\d*)\b", re.IGNORECASE)
_SCALE = {"k": "thousand", "K": "thousand", "M": "million", "B": "billion"}
_SIGNS = {
    "&": "and",
    "→": "to",
    "->": "to",
    "≥": "at least",
    "≤": "at most",
    ">=": "at least",
    "<=": "at most",
}
_UNITS = {"ms": "milliseconds", "s": "seconds", "GB": "gigabytes", "MB": "megabytes", "TB": "terabytes"}


def speakable(text: str) -> str:
    """What the voice is given for `text`.

    Meant for the interviewer's sentences: plain prose with the abbreviations of the trade. Markup is dropped.
    """
    text = re.sub(r"`+|\*+|(?<!\w)_+|_+(?!\w)|^#+ |^[-•] ", "", text, flags=re.MULTILINE)
    for sign, said in _SIGNS.items():
        text = text.replace(sign, f" {said} ")
    text = re.sub(r"<(?=\s?\d)", " below ", re.sub(r"(?<!-)>(?=\s?\d)", " above ", text))
    text = re.sub(r"(?<=\w)=(?=\w)", " equals ", text)
    text = re.sub(r"\s+[–—-]\s+|—", ", ", text)
    text = _METRIC_AT.sub(r"\1 at \2", text)
    text = _WORD.sub(lambda m: _SAID[m.group()], text)
    text = _PERCENTILE.sub(lambda m: f"P {m[1]}" + (f" point {m[2]}" if m[2] else ""), text)
    text = _amounts(text)
    text = re.sub(r"\b([a-z0-9]+(?:_[a-z0-9]+)+)\b", lambda m: m[1].replace("_", " "), text)
    text = re.sub(r"(?<=\w)/(?=\w)", " or ", text)
    return re.sub(r"\s+", " ", text).strip()


def _amounts(text: str) -> str:
    text = re.sub(r"(?<=\d),(?=\d{3}\b)", "", text)
    text = re.sub(r"\$(\d+(?:\.\d+)?)([kKMB])\b", lambda m: f"{m[1]} {_SCALE[m[2]]} dollars", text)
    text = re.sub(r"\$(\d+(?:\.\d+)?)", r"\1 dollars", text)
    text = re.sub(r"(?<=\d)\s*[–-]\s*(?=\d)", " to ", text)
    text = re.sub(r"(\d)([kKMB])\b", lambda m: f"{m[1]} {_SCALE[m[2]]}", text)
    text = re.sub(r"(\d)\s?(ms|GB|MB|TB)\b", lambda m: f"{m[1]} {_UNITS[m[2]]}", text)
    text = re.sub(r"(\d)\s?s\b", r"\1 seconds", text)
    text = re.sub(r"(\d)\s?%", r"\1 percent", text)
    text = re.sub(r"(?<!\w)~\s*(?=\d)", "about ", text)
    return re.sub(r"\b(\d+(?:\.\d+)?)x\b", r"\1 times", text)
