"""What happens to a story between the request and the stored analysis."""
