"""Questioning a score: further maps of the evidence, and what a network's layers make of a film."""
