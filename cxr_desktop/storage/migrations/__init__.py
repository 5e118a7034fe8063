"""Brings the schema of an older catalogue up to date, with Alembic.

A change of `storage.schema` is written as one more file in `versions/`, and `SCHEMA_REVISION` moves to it.
"""
