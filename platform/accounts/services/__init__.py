"""What is done about companies and people; by subject."""
