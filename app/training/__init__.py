"""Recipes that make the weights. Needs the ``train`` extra; not part of the running product."""
