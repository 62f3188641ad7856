"""Writes permissions.md, the rights of every level, from what a new database gets: `python docs/permissions.py`."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from crm.actor import ACTIONS, RESOURCES  # noqa: E402
from crm.defaults import default_grants  # noqa: E402

TARGET = Path(__file__).with_suffix(".md")
_HEAD = """# Permissions

What each level may do in a new database. An administrator can change any of it afterwards: the rights are rows of
the table `grants`. This page is written by `python docs/permissions.py` from `crm/defaults.py`.

- **all**: every record. **own**: records of customers the user owns, and of customers nobody owns.
  **team**: those of customers a member of the user's team owns, and unassigned ones (no level has it at first).
  **–**: no right at all.
- Contacts, activities, opportunities and offers are in reach when their customer is.
- Conversations are their owner's alone, whatever the level.
- Stages, activity types and company settings can be read by everyone, since every screen needs them.
- An offer is never deleted, whatever the rights: its number would be missing in the series.
- What is out of reach looks exactly like what does not exist.
- Passwords (`credential`) are in nobody's reach; only signing in reads them; a row of `grants` for them opens
  nothing.
- A right to read may hide fields of the record (`hidden_fields`): employees and sites of customers, e-mail address and
  phone of contacts, the amount of opportunities (`crm/hidden.py`). They are empty however the record is loaded, no
  statement may name them, and setting them is refused. No level hides any at first.
- Help pages the company wrote are read by the levels they are for, and by those who may change pages.
- Who may change settings may change every right; who may change only users reaches users whose level has no right they
  lack (`crm/settings_rules.py`). Somebody active always keeps the right to change both.

| resource | action | administrator | manager | normal | restricted |
| --- | --- | --- | --- | --- | --- |
"""
_LEVELS = ("administrator", "manager", "normal", "restricted")
# Actions that mean something for some resources only.
_SPECIAL = {
    "transition": ("opportunity",),
    "undo": ("opportunity", "offer"),
    "issue": ("offer",),
    "approve": ("offer",),
}


def render() -> str:
    """The page: every level, resource and action, and how far the right reaches."""
    grants = default_grants()
    if set(grants) != set(_LEVELS):
        raise ValueError("the page must have a column for every level")
    rows = [
        [resource, action, *(grants[level].get((resource, action), "–") for level in _LEVELS)]
        for resource in RESOURCES
        for action in ACTIONS
        if resource in _SPECIAL.get(action, (resource,))
    ]
    return _HEAD + "".join(f"| {' | '.join(row)} |\n" for row in rows)


if __name__ == "__main__":
    TARGET.write_text(render(), encoding="utf-8")
