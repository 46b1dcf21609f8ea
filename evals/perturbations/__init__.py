"""Changes to an answer of which it is known beforehand what they may do to its grade.

One module a family of laws; each generator changes a text in one way, the same way for the same seed.
"""
