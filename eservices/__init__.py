"""The Job-Room side: the contract (openapi.yaml), its client, and the sandbox. Imports only law and base."""
