"""The shapes of what is asked and answered, as OpenAPI tells them."""
