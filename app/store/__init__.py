"""What is kept: tables (private to this package), writes in one transaction, reads as frozen views, search."""
