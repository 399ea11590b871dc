"""Backups: the whole database in one file, and back.

Everything that must not be lost is in the database, files included; models are trained anew, and keys never go along.
"""
