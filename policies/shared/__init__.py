"""What several policies look at: functions, triggers, alarms, roles."""
