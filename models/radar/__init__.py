"""What a radar says: volumes, products, mosaic, rain rate."""
