"""Errors of the interview.

GraphError
├── LoopError           a loop file or persona file is wrong: names file, field and fix
├── StoreError          the file of an interview is damaged, or cannot be written: names file and fix
└── InterviewOver       a turn was offered to an interview that has ended
"""


class GraphError(Exception):
    """Something about the interview that the user can mend."""


class LoopError(GraphError):
    """A loop or persona file that cannot be used."""


class StoreError(GraphError):
    """An interview that cannot be read or written; what was saved before stays."""


class InterviewOver(GraphError):
    """The interview has ended; END is final."""
