"""Chat sessions, their messages and the choices they offered."""
