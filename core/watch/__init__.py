"""What is held against the audit from outside: its published heads, and accounts, roles and settings."""
