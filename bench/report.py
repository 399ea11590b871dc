"""One line for each figure, beside its goal."""

from dataclasses import dataclass

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True)
class Figure:
    """Something that was measured.

    Args:
        name: What was measured.
        value: The result.
        unit: Its unit.
        goal: The most, or the least, that it should be; None when there is no goal.
        at_least: Whether the goal is the least.
        stock: The same of stock Rasa, where it was measured.
    """

    name: str
    value: float
    unit: str
    goal: float | None = None
    at_least: bool = False
    stock: float | None = None

    @property
    def is_met(self) -> bool:
        if self.goal is None:
            return True
        return self.value >= self.goal if self.at_least else self.value <= self.goal


def show(figures: list[Figure]) -> None:
    """Prints the figures as a table."""
    table = Table("Figure", "Measured", "Goal", "", "Stock Rasa", title="Cornavin, measured on this machine")
    for figure in figures:
        goal = "" if figure.goal is None else f"{'≥' if figure.at_least else '≤'} {figure.goal:g} {figure.unit}"
        mark = "" if figure.goal is None else "[green]✓[/green]" if figure.is_met else "[red]✗[/red]"
        stock = "" if figure.stock is None else f"{figure.stock:.3g} {figure.unit}"
        table.add_row(figure.name, f"{figure.value:.3g} {figure.unit}", goal, mark, stock)
    Console().print(table)
