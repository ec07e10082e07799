"""From an alarm to the receipts at the desk: verdicts, draft, issue, reach, who is on duty."""
