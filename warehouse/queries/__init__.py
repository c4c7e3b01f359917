"""What the warehouse can be asked."""
