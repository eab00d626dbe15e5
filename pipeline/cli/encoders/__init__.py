"""`lexalign encoders`: what is installed, and the workshop that makes more."""

from importlib import import_module

import click

COMMANDS = {
    "list": "listing:list_encoders",
    "show": "listing:show",
    "known": "listing:known",
    "add": "adding:add",
    "quantise": "adding:quantise",
    "remove": "listing:remove",
    "share": "sharing:share",
    "search": "searching:search",
    "register": "searching:register",
    "pretrain": "pretraining:pretrain",
    "train": "training:train",
    "prune": "pruning:prune",
    "harden": "hardening:harden",
    "distil": "distilling:distil",
    "inspect": "inspecting:inspect",
    "compare": "comparing:compare",
}


class Workshop(click.Group):
    """Commands are imported when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name].split(":")
        return getattr(import_module(f"pipeline.cli.encoders.{module}"), name)


@click.group(cls=Workshop)
def encoders() -> None:
    """The encoders that are installed, and the workshop that makes more.

    \b
    Examples:
      lexalign encoders list
      lexalign encoders add ./my-sentence-transformer
      lexalign encoders add sapbert-large --trim
      lexalign encoders search my-encoder-fp32
    """
