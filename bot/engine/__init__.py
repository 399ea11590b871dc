"""Rasa, and the one door to it: `Assistant.answer`.

Whoever imports a part of the engine gets Rasa prepared first, whatever the order of their imports.
"""

from bot.engine import rasa_library

__all__ = ["rasa_library"]
