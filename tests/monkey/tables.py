"""Tables that the monkey opens: of each kind of column, of many columns, with a fault."""

from __future__ import annotations

from pathlib import Path

_MIXED = "".join(
    f'{k},"Person {k}",{"" if k % 7 == 0 else 20 + k * 7 % 50},"${k % 9}.50",{"CQS"[k % 3]},'
    f"19{10 + k}-0{1 + k % 9}-1{k % 10},{('yes', 'no')[k % 2]},{k % 24}:30,{k % 5 % 2}\n"
    for k in range(1, 61)
)
_NAMES = ",".join(f"a column with a long name {k}" for k in range(60))
_NUMBERS = "".join(",".join(str(k * j % 11) for j in range(60)) + "\n" for k in range(20))
TABLES = {
    "mixed.csv": f"id,name,age,fare,port,born,married,time,survived\n{_MIXED}",
    "wide.csv": f"{_NAMES}\n{_NUMBERS}",
    "many-classes.csv": "u,v,kind\n" + "".join(f"{k},{k * 7 % 11},k{k % 40}\n" for k in range(400)),
    "two-rows.csv": "x,y\n1,2.5\n2,\n",
    "fault.csv": "x,nothing,y\n" + "".join(f"{k}.5,,{'ab'[k % 2]}\n" for k in range(9)) + "?x,,a\n",
    "one-column.csv": "x\n1\n2\n",
}


def write_tables(folder: Path) -> None:
    """Puts all of them into a folder."""
    for name, text in TABLES.items():
        (folder / name).write_text(text, encoding="utf-8")
