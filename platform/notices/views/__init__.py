"""Pages: what a person was told, and a company's webhooks."""
