"""The steps of the interview. Each takes the state and gives back what it changes."""
