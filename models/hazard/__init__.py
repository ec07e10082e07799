"""Points that can be hurt, the rules that judge them, the alarms that follow."""
