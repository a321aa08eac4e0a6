"""Published models beside their own packages."""
