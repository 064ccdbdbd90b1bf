"""Sayso for assistants: the read queries as tools of the Model Context Protocol. Needs the extra ``mcp``."""
