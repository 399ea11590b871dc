"""What a turn of conversation may do: one module per task."""

from base import stand_ins

with stand_ins.installed():  # rasa-sdk imports the web framework of the action server that we do not run
    import rasa_sdk

__all__ = ["rasa_sdk"]
