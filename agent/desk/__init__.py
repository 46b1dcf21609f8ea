"""The recruiter's desk: real candidates of a script, what was decided on them and why, and getting rid of it all."""
