"""What people type and paste: tidied, read and checked the same way wherever it comes in."""
