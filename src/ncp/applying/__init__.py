"""Make the machine what the schedule says, in an order that can be taken up after a crash."""
