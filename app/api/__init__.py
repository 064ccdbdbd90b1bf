"""The HTTP face of Sayso: routes, schemas, problems, representations."""
