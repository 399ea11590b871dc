"""Sending documents to the ORP and to the fund."""
