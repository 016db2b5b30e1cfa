"""What of a case counts for which unit: the facts behind standings and trends, one row each (D6).

A projection: written by the recorder from the events of the case (``domain.counting``), and never by anybody else.
"""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import SQLModel

from db.tables import columns
from domain.vocabulary import Figure


class UnitFigure(SQLModel, table=True):
    """``figure`` counts ``case`` for ``unit`` at ``at``."""

    __tablename__ = "unit_figure"

    case: str = columns.text(primary_key=True, refers="cases.number")
    unit: str = columns.text(primary_key=True)
    figure: Figure = columns.code(Figure, primary_key=True)
    at: datetime = columns.instant()


_figures = columns.core(UnitFigure)
Index("ix_unit_figure_counted", _figures.c.unit, _figures.c.figure, _figures.c.at, _figures.c.case)
Index("ix_unit_figure_at", _figures.c.figure, _figures.c.at, _figures.c.case)
