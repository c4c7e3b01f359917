"""What customs and tax law ask of us: values in, a decision or a refusal out."""
