"""What auditors hold on to beside the log itself."""
