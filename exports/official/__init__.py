"""Official documents made of an assessment's record: the request of Act Art. 33, the public notice, notices, the rights sheet."""
