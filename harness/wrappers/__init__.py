"""What stands between a principal and the client, one wrapper a file."""
