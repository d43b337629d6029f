"""Put conclusions into the forms that people subscribe to: words, a news feed, a calendar."""
