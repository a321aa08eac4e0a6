"""Evaluation on patients that training never saw."""
