"""«Est-ce que j'ai droit à une mesure ?»: the task that goes through the conditions of the four cantonal benefits."""
