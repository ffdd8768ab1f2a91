"""What the doctor finds, on installations that are well and that are not."""
