"""The command line: one file for each subject, and the commands themselves in main.py."""
