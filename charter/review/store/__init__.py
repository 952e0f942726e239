"""What a review knows, in a database: tables, and the one way to read and change each of them."""
