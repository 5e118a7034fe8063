"""The reference systems trained, judged and set beside what their studies report."""
