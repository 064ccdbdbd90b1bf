"""Sayso: annotated news over HTTP."""
