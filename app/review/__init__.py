"""What people say about annotations: corrections, applied over what the pipeline found. Pure: no database."""
