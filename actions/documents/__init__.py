"""Sending documents to the ORP."""
