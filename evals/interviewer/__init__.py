"""Does the interviewer do its job, whoever sits opposite? Simulated sessions, and an evaluator's rules on them.

The rules are written apart from those that the interview itself is held to (`graphs.checks`, `graphs.evidence`): a rule
that judges by the code it judges can never fail.
"""
