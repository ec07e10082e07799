"""The command line in the operator's language: headings of its help, and what is wrong with what was typed."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar

import typer
from typer.core import TyperCommand, TyperGroup

import resources
from app.language import system_language

_Function = TypeVar("_Function", bound=Callable[..., Any])
_BOOK = "phrases/command_line"
_WRONG_USE = 2
_NESTED = "said"  # a part that is a sentence itself


def heading(key: str) -> str:
    """Return a heading or a word of the help in the system's language."""
    return resources.phrase("command_line", f"heading.{key}", system_language())


def in_chinese(said: str) -> str:
    """Return what the command line says of wrong words in Chinese; what is not known stays as it is."""
    for pattern, chinese in _patterns():
        if found := pattern.fullmatch(said.strip()):
            facts = {key: in_chinese(text) if key == _NESTED else text for key, text in found.groupdict().items()}
            return chinese.format_map(facts)
    return said


class _Spoken:
    """What commands and groups share: usage, headings and the help option."""

    def format_usage(self, ctx: Any, formatter: Any) -> None:
        """Write the line that says how a command is called."""
        pieces = " ".join(self.collect_usage_pieces(ctx))  # type: ignore[attr-defined]
        for key in ("some_options", "some_command"):
            pieces = pieces.replace(_english(key), heading(key))
        formatter.write_usage(ctx.command_path, pieces, prefix=heading("usage"))

    def get_help_option(self, ctx: Any) -> Any:
        """Return ``--help`` with its words."""
        option = super().get_help_option(ctx)  # type: ignore[misc]
        if option is not None:
            option.help = heading("help")
        return option

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the help with its headings."""
        _put_headings()
        super().format_help(ctx, formatter)  # type: ignore[misc]


class SpokenCommand(_Spoken, TyperCommand):
    """A command."""


class SpokenGroup(_Spoken, TyperGroup):
    """Commands under one name; the one at the top tells what is wrong."""

    def main(self, *args: Any, **more: Any) -> Any:
        """Run; in English as the library does it, in Chinese with the same exit codes in sentences of ours."""
        if system_language() != "zh":
            return super().main(*args, **more)
        try:
            ended = super().main(*args, **(more | {"standalone_mode": False}))
        except typer.Abort:
            _tell(heading("aborted"))
            raise SystemExit(1) from None
        except typer.TyperException as error:
            _tell(*_lines(error))
            raise SystemExit(getattr(error, "exit_code", _WRONG_USE)) from None
        raise SystemExit(ended if isinstance(ended, int) else 0)


class Spoken(typer.Typer):
    """A `typer.Typer` whose commands and groups speak the operator's language."""

    def __init__(self, *, cls: type[TyperGroup] = SpokenGroup, **more: Any) -> None:
        super().__init__(cls=cls, **more)

    def command(
        self, name: str | None = None, *, cls: type[TyperCommand] | None = SpokenCommand, **more: Any
    ) -> Callable[[_Function], _Function]:
        """Do as `typer.Typer.command` does."""
        return super().command(name, cls=cls, **more)


def _lines(error: Any) -> list[str]:
    """Return what is wrong, under the usage of the command it is about; nothing where the help was shown already."""
    if type(error).__name__ == "NoArgsIsHelpError":
        return []
    lines = []
    context = getattr(error, "ctx", None)
    if context is not None:
        command, option = context.command_path, context.help_option_names[0]
        lines += [context.get_usage(), heading("look").format(command=command, option=option)]
    return [*lines, heading("wrong").format(said=in_chinese(error.format_message()))]


def _tell(*lines: str) -> None:
    for line in lines:
        sys.stderr.write(line + "\n")


def _put_headings() -> None:
    """Give the library its headings; they are plain names of a module that is loaded when help is shown."""
    from typer import rich_utils  # noqa: PLC0415 - loads rich

    rich_utils.OPTIONS_PANEL_TITLE = heading("options")
    rich_utils.ARGUMENTS_PANEL_TITLE = heading("arguments")
    rich_utils.COMMANDS_PANEL_TITLE = heading("commands")
    rich_utils.DEFAULT_STRING = heading("default")
    rich_utils.REQUIRED_LONG_STRING = heading("required")


def _english(key: str) -> str:
    return resources.phrase("command_line", f"heading.{key}", "en")


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Return each English sentence as a pattern with its Chinese one, in the order of the book."""
    book = resources.table(_BOOK)["said"]
    return tuple((_pattern(entry["en"]), entry["zh"]) for entry in book.values())


def _pattern(english: str) -> re.Pattern[str]:
    parts = re.split(r"\{(\w+)\}", english)
    texts = [f"(?P<{part}>.+?)" if odd % 2 else re.escape(part) for odd, part in enumerate(parts)]
    return re.compile("".join(texts), re.DOTALL)
