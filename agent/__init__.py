"""Microphones, LiveKit, the web room, the terminal, settings and wiring: the only place that knows them."""
