"""What the office prints: the books as forms 13 and 14, and the evidence file of one number.

Pages are written one after the other into a file (:mod:`.sheet`), so that a book of any length
takes flat memory. Thai is shaped by HarfBuzz, word by word, and a word that was shaped once is not
shaped again (:mod:`.face`).
"""
