"""«Mes recherches»: the job searches of a month."""
