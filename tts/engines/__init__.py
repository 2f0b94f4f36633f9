"""The engines behind the Voice contract, each in a worker process, and the line to a worker."""
