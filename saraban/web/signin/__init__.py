"""Ways to sign in, one file each: a password, a code from a telephone, another house's word."""
