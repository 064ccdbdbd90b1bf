"""The annotators wired together: a Document in, a checked Analysis out."""
