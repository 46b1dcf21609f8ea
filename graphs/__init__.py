"""What happens next: the interview as a LangGraph state machine. No audio, no environment, no index."""
