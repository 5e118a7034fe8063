"""CXR Desktop: offline triage of chest X-rays on an ordinary PC."""

__version__ = "0.1.0"

# What is typed to start it.
PROGRAM = "cxr-desktop"

# An environment variable that settles the language, whatever the settings say: English for commands, the
# window's own for its trainer.
LANGUAGE_VARIABLE = "CXR_LANGUAGE"
