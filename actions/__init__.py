"""What a turn of conversation may do: one module per task."""
