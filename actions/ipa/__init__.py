"""Handing in the monthly form of the insured person (IPA) to the unemployment fund."""
