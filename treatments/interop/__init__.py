"""What other software takes: citation formats, feeds, structured data."""
