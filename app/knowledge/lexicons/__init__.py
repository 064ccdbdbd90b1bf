"""Word lists by which entities of different stories are compared, each with its source and licence."""
