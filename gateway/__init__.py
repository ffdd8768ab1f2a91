"""The door: how letters travel - SMTP, IMAP, MIME, retries, bounces, texts of our mails."""
