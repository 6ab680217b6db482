"""What a text says in one place: which drugs are to be given to whom, how much, and what is known of the patient.

Worked out once for every claim, from its text and the patient's record. No limits, no verdicts.
"""
