"""Who may do what, and what nobody can be made to do; docs/security.md says which threat each test is for."""
