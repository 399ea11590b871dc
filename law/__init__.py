"""What the statutes and official pages say, as dated facts and pure functions. Imports nothing else of ours."""
