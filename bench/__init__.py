"""Measurements, printed beside their goals: `make bench`. Nothing here fails; speed is not asserted in tests."""
