"""Taking over a register that was kept in a spreadsheet (Excel, CSV) until now.

``sheet`` reads the file, ``columns`` finds out what its columns mean, ``lines`` reads each row,
``plan`` says what would become of it (doubles, gaps, rows that cannot be read) and changes nothing,
``take_over`` writes it, in one transaction. What is taken over has no original and no letter.
"""
