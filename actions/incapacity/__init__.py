"""Announcing an incapacity for work to the ORP, and its end."""
