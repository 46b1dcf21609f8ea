"""The interview guide as data: stages, topics, questions, study answers, coding problems, and the search over them."""
