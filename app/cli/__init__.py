"""The ``sayso`` command. A subcommand's module is loaded when it is asked for, so that ``sayso --help`` is quick."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module

import click

from app.config import Settings, read_settings
from app.errors import SaysoError

# What each command says of itself here, so that listing them loads none.
COMMANDS = {
    "serve": ("app.cli.serve", "Serve the HTTP API."),
    "worker": ("app.cli.worker", "Annotate the stories that wait."),
    "ingest": ("app.cli.ingest", "Annotate and keep the stories in files and folders."),
    "reannotate": ("app.cli.reannotate", "Annotate again what an older pipeline annotated."),
    "seed": ("app.cli.ingest", "Load the sample stories."),
    "migrate": ("app.cli.migrate", "Bring the database to the version that this program expects."),
    "backup": ("app.cli.backup", "Copy the SQLite database while it is in use."),
    "keys": ("app.cli.keys", "Make, list and revoke API keys."),
    "mcp": ("app.cli.mcp", "Let an assistant ask who said what (Model Context Protocol)."),
    "annotate": ("app.cli.annotate", "Annotate a story on standard input and print it as JSON."),
    "knowledge": ("app.cli.knowledge", "Import identities, review links, merge and split."),
    "corrections": ("app.cli.corrections", "Print what people corrected as training data."),
    "evaluate": ("app.cli.evaluate", "Measure the extraction on a corpus."),
}
WRONG_USE = 2


class Commands(click.Group):
    """The subcommands, each loaded when it is called; a user's error is one line and exit status 2."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 (click's signature)
        """Return the names of the commands, in the order of a first day."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 (as above)
        """Return one command, loaded."""
        if cmd_name not in COMMANDS:
            return None
        module, _ = COMMANDS[cmd_name]
        with no_collection():
            command: click.Command = getattr(import_module(module), cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 (as above)
        """Write the list of commands."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, told) for name, (_, told) in COMMANDS.items()])

    def invoke(self, ctx: click.Context) -> object:
        """Run the command that was asked for."""
        try:
            return super().invoke(ctx)
        except SaysoError as error:
            raise UsageProblem(str(error)) from error


@contextmanager
def no_collection() -> Iterator[None]:
    """Look for no garbage meanwhile: what is loaded stays, and looking through it takes a fifth of the time."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


class UsageProblem(click.ClickException):
    """Something that the user can put right: one line on standard error, exit status 2."""

    exit_code = WRONG_USE


def settings_here() -> Settings:
    """Return the settings that the environment asks for.

    Raises: ConfigurationError naming the variable that cannot be used.
    """
    return read_settings(os.environ)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="sayso", message="%(prog)s %(version)s")
def main() -> None:
    """Annotated news: people, organizations, quotes with their speakers, and positions.

    Settings are environment variables, SAYSO_*; docs/operations.md lists them.
    """
