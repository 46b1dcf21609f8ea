"""The report of a session: built from what is stored, as data, as a page and as text."""
