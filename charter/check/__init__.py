"""What a strict reviewer finds in a simfile: format, metadata, ladder of difficulties, sync and steps."""
