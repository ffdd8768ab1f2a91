"""What programs use: REST below /api/v1, by tokens, over the same acts and queries as the pages."""
