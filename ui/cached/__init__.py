"""Cached questions: keyed by (workspace, snapshot, scope), always bounded."""
