"""Is the grading, the retrieval and the interviewing any good? Datasets, metrics, runs and reports."""
