"""How the story is told on a terminal: a bar while it runs, a table of what was done."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table


@dataclass(slots=True)
class Chapter:
    """One step: its name, what came of it, and the seconds it took."""

    title: str
    said: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def say(self, sentence: str, **facts: object) -> None:
        """Add a translated sentence; whole numbers get thousands separators."""
        shown = {
            name: f"{fact:,}" if isinstance(fact, int) else str(fact)
            for name, fact in facts.items()
        }
        self.said.append(sentence % shown)


class Teller:
    """Keeps the chapters and draws the bar; ``advance`` may be called by bulk services."""

    def __init__(self, console: Console, chapters: int) -> None:
        self.console = console
        self.chapters: list[Chapter] = []
        self._progress = Progress(
            TextColumn("{task.description:<44}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=console,
            # A log file gets a line per chapter instead of a bar redrawn a thousand times.
            disable=not console.is_terminal,
        )
        self._whole = self._progress.add_task("", total=chapters)

    def __enter__(self) -> Teller:
        self._progress.start()
        return self

    def __exit__(self, *_exc: object) -> None:
        self._progress.stop()

    @contextmanager
    def chapter(self, title: str) -> Iterator[Chapter]:
        """Time one step and show it as the current one."""
        chapter = Chapter(title)
        number = len(self.chapters) + 1
        self._progress.update(self._whole, description=title)
        begun = time.perf_counter()
        yield chapter
        chapter.seconds = time.perf_counter() - begun
        self.chapters.append(chapter)
        self._progress.advance(self._whole)
        if not self.console.is_terminal:
            self.console.print(f"{number:>2}. {title} ({chapter.seconds:.1f} s)", highlight=False)

    @contextmanager
    def counting(self, title: str, total: int) -> Iterator[Callable[..., None]]:
        """A second bar for one bulk step; the callable takes how many are done in all."""
        task = self._progress.add_task(f"  {title}", total=total)

        def count(done: int, _of: int = 0) -> None:
            self._progress.update(task, completed=done)

        try:
            yield count
        finally:
            self._progress.remove_task(task)

    def summary(self, title: str) -> Table:
        table = Table(title=title, title_justify="left", show_lines=False, expand=False)
        table.add_column("#", justify="right")
        table.add_column(_("step"), no_wrap=True)
        table.add_column(_("what came of it"), overflow="fold")
        table.add_column("s", justify="right")
        for number, chapter in enumerate(self.chapters, 1):
            table.add_row(
                str(number), chapter.title, "\n".join(chapter.said), f"{chapter.seconds:.1f}"
            )
        table.add_section()
        whole = sum(chapter.seconds for chapter in self.chapters)
        table.add_row("", _("in all"), "", f"{whole:.1f}")
        return table
