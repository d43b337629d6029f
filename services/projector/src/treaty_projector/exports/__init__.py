"""Write lists as flat tables: CSV, JSON Lines and Parquet."""
