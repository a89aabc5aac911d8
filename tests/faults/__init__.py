"""What patients were told is what is stored, whatever breaks: `make faults`."""
