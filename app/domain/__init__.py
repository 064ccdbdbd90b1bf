"""The nouns of Sayso: spans, documents, annotations, analyses. Standard library only."""
