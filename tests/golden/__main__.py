"""`python -m tests.golden` writes the expected transcripts anew; read the difference before you commit it."""

from tests.golden import main

main()
