"""Annotators: a Document and typed inputs in, tuples of annotations out. Pure; they meet in ``app.pipeline``."""
