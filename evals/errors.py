"""What can go wrong in an eval.

EvalError
├── DatasetError   a set of answers cannot be used
├── LogError       a run's log cannot be used
└── JudgeError     answers cannot be graded now
"""


class EvalError(Exception):
    """The message names what is wrong and the fix, and is shown to the user as it is."""


class DatasetError(EvalError): ...


class LogError(EvalError): ...


class JudgeError(EvalError): ...
