"""What can be audited, and what it is made of."""
