"""How well stories are tied together: people and organizations, issues, quotes found again, by difficulty."""
