"""Word lists, each with its source and licence in its docstring."""
