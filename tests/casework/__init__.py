"""What must not be lost about a person's affairs."""
