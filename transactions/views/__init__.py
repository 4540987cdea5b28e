"""The pages of documents, driven by what each kind says of itself."""
