"""`handouts new`: the folder of a new procedure, with comments that tell what to write where."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from handouts.errors import OutputError, UsageError
from handouts.library.shelf import SHIPPED

_SKELETON = Path(__file__).with_name("skeleton")
_SLUG = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


def new_procedure(procedure: str, folder: Path, today: date) -> list[Path]:
    """Write the skeleton of `procedure` into `folder`/`procedure`; the files, in order.

    Raises UsageError for a name that is no procedure's, or is taken; OutputError.
    """
    if not _SLUG.fullmatch(procedure) or len(procedure) > 60:
        hint = "Write small letters, digits and hyphens, such as back-care."
        raise UsageError(f"`{procedure}` cannot be a procedure's name", hint=hint)
    if (folder / procedure).exists() or (SHIPPED / procedure).exists():
        hint = "Choose another name; docs/templates.md tells how to change a shipped procedure."
        raise UsageError(f"there is a procedure `{procedure}` already", where=folder / procedure, hint=hint)
    words = {
        "__NAME__": procedure.replace("-", " ").capitalize(),
        "__LOWER__": procedure.replace("-", " "),
        "__FORM__": "".join(word[0] for word in procedure.split("-")).upper()[:8],
        "__TODAY__": today.isoformat(),
        "__NEXT__": date(today.year + 1, today.month, min(today.day, 28)).isoformat(),
    }
    written: list[Path] = []
    for source in sorted(file for file in _SKELETON.rglob("*") if file.is_file()):
        text = source.read_text(encoding="utf-8")
        for mark, word in words.items():
            text = text.replace(mark, word)
        path = folder / procedure / source.relative_to(_SKELETON)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        except OSError as fault:
            hint = "Choose another --out, or mend its permissions."
            raise OutputError(f"could not be written: {fault.strerror or fault}", where=path, hint=hint) from None
        written.append(path)
    return written
