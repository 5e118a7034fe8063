"""Labelled folders become model bundles. Runs in its own process; importing this package imports no Keras."""
