"""The register of AI systems as a table in a file: its columns, read from CSV and XLSX."""
