"""Bytes and strings in, a Document out: decoding, HTML, wire heads, paragraphs, sentences, tokens, all with offsets."""
