"""New services, and new resources in them: what is written, where, and by what names."""
