"""What every page of forms and every list of staff is held to."""
