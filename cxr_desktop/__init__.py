"""CXR Desktop: offline triage of chest X-rays on an ordinary PC."""

__version__ = "0.1.0"

# What is typed to start it.
PROGRAM = "cxr-desktop"
