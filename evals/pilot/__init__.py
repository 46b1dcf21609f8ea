"""The pilot of a screening script: simulated candidates answer it before a person does.

What it can show: whether questions tell strong answers from weak ones, whether they ask what is meant, whether time and
probes fit, and whether the manner of speaking moves a level. What it cannot: how real people understand a question.
"""
