"""What the family of this product is called: for its tables, which know nothing of the family itself."""

FAMILY = "support-intent"
