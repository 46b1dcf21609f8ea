"""Screening scripts: what a recruiter fixes beforehand, so that every candidate is asked the same. Data only."""
