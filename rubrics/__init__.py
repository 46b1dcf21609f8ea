"""What good looks like, and how an answer is graded."""
