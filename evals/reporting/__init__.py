"""A run's scores as a page and as Markdown."""
