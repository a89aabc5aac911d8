"""The addresses of the symptom check."""
