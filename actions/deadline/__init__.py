"""«J'ai jusqu'à quand ?»: the task that counts a time limit."""
