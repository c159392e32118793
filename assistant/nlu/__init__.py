"""What a message means: spelling, sentence encoder, topic classifier and company facts."""
