"""What a strict reviewer finds in a simfile: format, metadata, ladder of difficulties, sync and steps.

It judges any chart, ours or not, and changes none; what a chart may ask of feet comes from `decode.rules`.
"""
