"""Runs a candidate's code against tests where it can do no harm. `rubrics.sandbox.running` is the way in."""
