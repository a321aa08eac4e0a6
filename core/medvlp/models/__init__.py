"""Models: what turns a scan into an encoding and a text into a vector."""

import os

# Large pages for large tensors (Linux; torch reads this at its first allocation). Fresh memory is the
# slowest part of many an element-wise step.
os.environ.setdefault("THP_MEM_ALLOC_ENABLE", "1")
