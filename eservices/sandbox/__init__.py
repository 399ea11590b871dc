"""The sandbox (bac à sable): a gateway with invented persons, its rules enforced, and switches for faults.

A process of its own with a database of its own; nothing but the contract connects it with the rest of the program.
"""
