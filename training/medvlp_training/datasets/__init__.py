"""Real data: which scans exist, who the patients are, and how they are split."""
