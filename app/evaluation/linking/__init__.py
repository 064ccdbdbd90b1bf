"""How well stories are tied together: links of people and organizations, quotes found again, by difficulty."""
