"""Django's PostgreSQL, which asks less often whether it is still there."""
