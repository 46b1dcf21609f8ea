"""What the exit codes of evals mean, beside 0, 1 and 2."""

BELOW_BAR = 3
"""The measure is below its bar, or a gate failed."""
