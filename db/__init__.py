"""What people read: tables, the recorder that writes them, the queries and the scope through which they are read."""
