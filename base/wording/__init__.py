"""What people read: French source texts, their translations, and the values filled into them.

French texts stand in the Rasa files (`domain.yml`, `data/answers/`) and in `_()` calls; `make i18n` collects them into
`locales/`. A text may hold placeholders: `{name}` for a value given with it, `{fact:subject.name}` for a fact.
"""

from base.wording.catalogues import SOURCE_LANGUAGE, Catalogues, Translations, mark
from base.wording.filling import (
    FillError,
    Written,
    fill,
    placeholders,
    write_day,
    write_moment,
    write_month,
    write_span,
    write_time,
)

__all__ = [
    "SOURCE_LANGUAGE",
    "Catalogues",
    "FillError",
    "Translations",
    "Written",
    "fill",
    "mark",
    "placeholders",
    "write_day",
    "write_moment",
    "write_month",
    "write_span",
    "write_time",
]
