"""The registers at the desk: table, form, pages, import."""
