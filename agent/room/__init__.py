"""The interview room: pages, sockets and what they share, in one local web server.

Each feature has a module with a `routes(house)` function; `app.py` puts them together, `security.py` stands at the
door.
"""
