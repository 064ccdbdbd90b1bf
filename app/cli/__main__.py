"""``python -m app.cli`` is ``sayso``."""

from app.cli import main

main(prog_name="sayso")
