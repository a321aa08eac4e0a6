"""What ``medvlp evaluate TASK`` measures on sample shards: one task a file, each ``evaluate(...)``.

A task returns a Markdown table, with its baselines beside the figures, and the figures for JSON.
Intervals are of 95 %, from resampling patients.
"""
