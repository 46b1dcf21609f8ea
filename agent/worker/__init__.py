"""Interviews over a LiveKit server: the worker that holds them, and what lets candidates in."""
