"""Settings, errors, text, money and time: what every other package may use."""
