"""What a turn of conversation may do."""
