"""From a target and scenarios to a result: audits, generated histories, replays, many processes."""
