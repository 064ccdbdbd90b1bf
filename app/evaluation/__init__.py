"""Corpora readers, matching, scores, gates and the report of every figure that Sayso states."""
