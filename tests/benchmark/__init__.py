"""`python -m tests.benchmark`: speed and size beside what users would otherwise do, all in one run.

Machines differ and are shared, so ratios and medians count, never single times.
"""
