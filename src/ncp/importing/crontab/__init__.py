"""What the lines of a crontab mean to the cron that runs them: Debian's, measured line by line."""
