"""Tables as people have them: each loads to what is written here, or gets one sentence."""

import gzip
from pathlib import Path

import numpy as np
import pytest

from toygrad.datasets import FileError, load_csv, survey
from toygrad.datasets.csv import layout

# What is in the file; then its inputs by name and kind, in brackets those that are left out, the
# first samples, the target, and what was decided. Or what is said.
ODD: list[tuple[str | bytes, str]] = [
    ("a,b\n1,2.5\n2,3.5\n", "a number [1] [2] -> b number 2.5, 3.5"),
    ("a;b\n1;2.5\n2;3.5\n", "a number [1] [2] -> b number 2.5, 3.5"),
    ("a\tb\n1\t2.5\n2\t3.5\n", "a number [1] [2] -> b number 2.5, 3.5"),
    ("a|b\n1|2.5\n2|3.5\n", "a number [1] [2] -> b number 2.5, 3.5"),
    ("a b\n1 2.5\n2 3.5\n", "a number [1] [2] -> b number 2.5, 3.5"),
    ("  a   b\n  1   2.5\n 10  3.5\n", "a number [1] [10] -> b number 2.5, 3.5"),
    ("a , b\n 1 , 2.5\n 2 , 3.5\n", "a number [1] [2] -> b number 2.5, 3.5"),
    (
        'a,b,c\n1,"x, y",2.5\n2,"z, w",3.5\n',
        "a number, b category [1, 0] [2, 1] -> c number 2.5, 3.5",
    ),
    (
        'name city n\n"A B" "New York" 1.5\n"C D" "Old York" 2.5\n"E F" "New York" 3.5\n',
        (
            "name category, city category [1, 0, 0, 0] [0, 1, 0, 1] [0, 0, 1, 0] -> n number "
            "1.5, 2.5, 3.5"
        ),
    ),
    (
        "a,b,\n1,2.5,\n2,3.5,\n",
        (
            'a number, (column 3 empty) [1] [2] -> b number 2.5, 3.5 | The target is "b". | '
            "Left out: column 3 (every cell is empty)."
        ),
    ),
    ("a,b\n1,2.5,\n2,3.5,\n", "a number [1] [2] -> b number 2.5, 3.5"),
    ("a,b\n1,2.5\n2,3.5,,\n", "a number [1] [2] -> b number 2.5, 3.5"),
    ("# a comment\n# another one\na,b\n1,2.5\n2,3.5\n", "a number [1] [2] -> b number 2.5, 3.5"),
    (
        "# a,b\n1,2.5\n2,3.5\n",
        (
            "a number [1] [2] -> b number 2.5, 3.5 | The comment above the table has the names "
            "of its columns."
        ),
    ),
    (
        "a,b\n1,2.5\n# half way\n2,3.5\n",
        "a number [1] [2] -> b number 2.5, 3.5 | 1 comment between the rows skipped.",
    ),
    (
        "#fff,1.5\n#000,2.5\n#fff,3.5\n#000,4.5\n",
        "column 1 category [1] [0] [1] [0] -> column 2 number 1.5, 2.5, 3.5, 4.5",
    ),
    (
        "Results of May\n\na,b\n1,2.5\n2,3.5\n3,4.5\n",
        (
            "a number [1] [2] [3] -> b number 2.5, 3.5, 4.5 | Line 1 is not part of the table, "
            "by the number of fields."
        ),
    ),
    (
        "3,2,yes,no,extra\n1,2.5\n2,3.5\n3,4.5\n",
        (
            "column 1 number [1] [2] [3] -> column 2 number 2.5, 3.5, 4.5 | Line 1 is not part "
            "of the table, by the number of fields."
        ),
    ),
    (
        (
            "150,4,setosa,versicolor,virginica\n5.1,3.5,1.4,0.2,0\n4.9,3.1,1.3,0.3,1\n"
            "4.8,3.0,1.2,0.4,2\n"
        ),
        (
            "column 1 number, column 2 number, column 3 number, column 4 number "
            "[5.1, 3.5, 1.4, 0.2] [4.9, 3.1, 1.3, 0.3] [4.8, 3, 1.2, 0.4] -> column 5 class "
            "0, 1, 2 | Line 1 has sizes, not names. | "
            "It has 3 different whole numbers: they are classes."
        ),
    ),
    ('a,b\n"1",2.5\n"2",3.5\n', "a number [1] [2] -> b number 2.5, 3.5"),
    (
        '"x","y"\n"1","a",2.5\n"2","b",3.5\n',
        (
            "column 1 number, x category [1, 0] [2, 1] -> y number 2.5, 3.5 | Line 1 has no "
            "name for the first column."
        ),
    ),
    (
        "country,2000,2001\nFrance,5.1,6.5\nSpain,5.2,6.2\nFrance,5.3,6.1\n",
        ("country category, 2000 number [0, 5.1] [1, 5.2] [0, 5.3] -> 2001 number 6.5, 6.2, 6.1"),
    ),
    (
        "p,x,s\ne,x,s\np,x,y\ne,b,y\n",
        (
            "column 1 category, column 2 category [1, 1] [0, 1] [1, 1] [0, 0] -> column 3 "
            "class s, s, y, y"
        ),
    ),
    ("cap,shape\np,x\ne,b\np,b\n", "cap category [1] [0] [1] -> shape class x, b, b"),
    (
        "a,a,b\n1,2,3.5\n2,3,4.5\n",
        (
            'a number, a 2 number [1, 2] [2, 3] -> b number 3.5, 4.5 | Column 2 is called "a '
            '2": "a" is taken.'
        ),
    ),
    (
        "a,,b\n1,2,3.5\n2,7,4.5\n3,1,0.5\n",
        "a number, column 2 number [1, 2] [2, 7] [3, 1] -> b number 3.5, 4.5, 0.5",
    ),
    ("a,b\r\n1,2.5\r\n2,3.5\r\n", "a number [1] [2] -> b number 2.5, 3.5"),
    ("a,b\r1,2.5\r2,3.5\r", "a number [1] [2] -> b number 2.5, 3.5"),
    ('a,b\n1,"2.5"\n"2\n",3.5\n', "a number [1] [2] -> b number 2.5, 3.5"),
    (
        'a,note,b\n1,"two\nlines",2.5\n2,"two\nlines",3.5\n3,one,4.5\n',
        "a number, note category [1, 1] [2, 1] [3, 0] -> b number 2.5, 3.5, 4.5",
    ),
    ("a,b\n1,2.5\n2,3.5\n\x1a", "a number [1] [2] -> b number 2.5, 3.5"),
    ("\n\n\n,,\n a,b\n1,2.5\n2,3.5\n", "a number [1] [2] -> b number 2.5, 3.5"),
    ("1,2.5\n2,3.5\n", "column 1 number [1] [2] -> column 2 number 2.5, 3.5"),
    (
        "a\n1\n2\n",
        (
            "data.csv, line 1: there is only one column. Separate inputs and target by comma, "
            "semicolon or tab."
        ),
    ),
    (
        "",
        (
            "data.csv: the file is empty. Add a line of numbers for each sample, with the "
            "target last."
        ),
    ),
    (
        "   \n\t\n",
        (
            "data.csv: the file is empty. Add a line of numbers for each sample, with the "
            "target last."
        ),
    ),
    (
        ",,,\n,,,\n",
        (
            "data.csv: the file contains only delimiters. Add a line of numbers for each "
            "sample, with the target last."
        ),
    ),
    ("a,b\n", "data.csv: there are no samples below the header. Add more: at least 2 are needed."),
    ("a,b\n1,2\n", "data.csv: there is only one sample. Add more: at least 2 are needed."),
    (
        "a,b\n1,2\n3\n4,5\n6,7\n",
        (
            "data.csv, line 3: the number of fields is 1 here but 2 in the first line. Give "
            "each line the same number of fields."
        ),
    ),
    (
        "a,b\n1,2,3\n4,5\n6,7\n",
        (
            "data.csv, line 2: the number of fields is 3 here but 2 in the first line. Give "
            "each line the same number of fields."
        ),
    ),
    (
        'a,b\n1,"2\n3,4\n',
        (
            "data.csv, line 2: this line can't be split into fields (unexpected end of data). "
            "Check quotes and line ends from here on."
        ),
    ),
    (
        'a,b\n1,"2"3\n3,4\n',
        (
            "data.csv, line 2: this line can't be split into fields (',' expected after "
            "'\"'). Check quotes and line ends from here on."
        ),
    ),
    (
        "a,b\n1,\x072\n3,4\n",
        "data.csv, line 2: control character U+0007 is not allowed. Remove it.",
    ),
    ("\ufeffa,b\n1,2.5\n2,3.5\n", "a number [1] [2] -> b number 2.5, 3.5"),
    (
        "größe,art\n1,süß\n2,herb\n".encode("latin-1"),
        (
            "größe number [1] [2] -> art class süß, herb | Read as Latin-1 (Windows-1252), "
            "because it is not UTF-8."
        ),
    ),
    (
        "größe,preis\n1,5 €\n2,7 €\n".encode("cp1252"),
        (
            "größe number [1] [2] -> preis number 5, 7 | Read as Latin-1 (Windows-1252), "
            "because it is not UTF-8."
        ),
    ),
    (
        "größe,art\n1,süß\n2,herb\n".encode("utf-16"),
        "größe number [1] [2] -> art class süß, herb | Read as UTF-16.",
    ),
    (
        "a,b\n1,2.5\n2,3.5\n".encode("utf-16-le"),
        "a number [1] [2] -> b number 2.5, 3.5 | Read as UTF-16.",
    ),
    (
        "a,b\n1,2.5\n2,3.5\n".encode("utf-16-be"),
        "a number [1] [2] -> b number 2.5, 3.5 | Read as UTF-16.",
    ),
    (
        "a,b\n1,2.5\n2,3.5\n".encode("utf-32"),
        "a number [1] [2] -> b number 2.5, 3.5 | Read as UTF-32.",
    ),
    (
        "größe,art\n1,süß\n2,herb\n".encode() + b"3,\xff\xfe\n",
        "data.csv, line 4: this line is not UTF-8 text. Save the file as UTF-8.",
    ),
    (
        b"a,b\n1,\x81\n2,3\n",
        "data.csv, line 2: this line is not UTF-8 text. Save the file as UTF-8.",
    ),
    (
        b"\x89PNG\r\n\x1a\n\x00\x00\x00",
        "data.csv: the file is not UTF-8 text. Save it as CSV in UTF-8.",
    ),
    (
        "a,b\n1,2.5\n2,3.5\n".encode("utf-16")[:-1],
        (
            "data.csv: the file begins as UTF-16 and goes on as something else. Save it as CSV "
            "in UTF-8."
        ),
    ),
    (gzip.compress(b"a,b\n1,2.5\n2,3.5\n", mtime=0), "a number [1] [2] -> b number 2.5, 3.5"),
    (
        gzip.compress(b"a,b\n1,2.5\n", mtime=0) + gzip.compress(b"2,3.5\n"),
        "a number [1] [2] -> b number 2.5, 3.5",
    ),
    (
        gzip.compress(b"a,b\n1,2.5\n2,3.5\n", mtime=0)[:-9],
        "data.csv: the file ends too early. Fetch it again.",
    ),
    (b"\x1f\x8bnothing", "data.csv: the file is damaged. Fetch it again."),
    (
        b"PAR1....",
        (
            'data.csv: this is a Parquet file. Convert it: python -c "import pandas; '
            "pandas.read_parquet('data.csv').to_csv('data.csv', index=False)\"."
        ),
    ),
    (
        b"PK\x03\x04....",
        "data.csv: this is an Excel workbook or another zip archive. Save it as CSV.",
    ),
    (b"\xd0\xcf\x11\xe0....", "data.csv: this is an old Excel workbook. Save it as CSV."),
    (
        "<!DOCTYPE html><html></html>",
        "data.csv: this is a web page or XML. Download the table itself as CSV.",
    ),
    ('{"a": 1}', "data.csv: this is JSON. Save it as CSV."),
    ('[{"a": 1}]', "data.csv: this is JSON. Save it as CSV."),
    (b"%PDF-1.7", "data.csv: this is a PDF file. Look for the table as CSV."),
    (b"SQLite format 3\x00", "data.csv: this is a database. Export a table of it as CSV."),
    ('a,b\n1,"1,200"\n2,"12,345.5"\n', "a number [1] [2] -> b number 1200, 12345.5"),
    (
        'a,b\n1,"$1,200"\n2,$900\n3,"$12,000"\n',
        (
            'a number [1] [2] [3] -> b number 1200, 900, 12000 | "b" is read with a decimal '
            'point: "$1,200" is 1200.'
        ),
    ),
    (
        'a,b\n1,"1,200"\n2,"1,300"\n',
        (
            'a number [1] [2] -> b number 1200, 1300 | "b" is read with a decimal point: '
            '"1,200" is 1200.'
        ),
    ),
    ("a;b\n1;1.200,5\n2;300\n", "a number [1] [2] -> b number 1200.5, 300"),
    (
        "a;b\n1,5;1.200\n2,5;1.300\n",
        (
            'a number [1.5] [2.5] -> b number 1200, 1300 | "b" is read with a decimal comma: '
            '"1.200" is 1200.'
        ),
    ),
    ("a;b\n1;1.200\n2;1.300\n", "a number [1] [2] -> b number 1.2, 1.3"),
    (
        "a;b\n1;1,5\n2;1.5\n",
        (
            'data.csv, line 3: the target "b" contains "1.5", but other numbers in it have a '
            "decimal comma. Use a comma in all of them, or a point."
        ),
    ),
    ('a,b\n1,"1,5"\n2,"2,5"\n', "a number [1] [2] -> b number 1.5, 2.5"),
    ("a,b\n1,12%\n2,15 %\n", "a number [1] [2] -> b number 12, 15"),
    (
        "a,b\n1,12%\n2,0.5\n3,7%\n",
        (
            'data.csv, line 3: the target "b" contains "0.5", but other numbers in it have '
            '"%". Write all of them in one unit, or leave this column out.'
        ),
    ),
    ("a,b\n1,5 km\n2,7.5 km\n", "a number [1] [2] -> b number 5, 7.5"),
    (
        "a,b\n1,5 km\n2,7 mi\n3,9 km\n",
        (
            'data.csv, line 3: the target "b" contains "7 mi", but other numbers in it have '
            '"km". Write all of them in one unit, or leave this column out.'
        ),
    ),
    (
        "a,b\n1,5 km\n2,7\n3,9 km\n",
        'a number [1] [2] [3] -> b number 5, 7, 9 | "b" is in km, 1 of its numbers without.',
    ),
    (
        "a,b\n1,5k\n2,700\n3,9k\n",
        (
            'data.csv, line 3: the target "b" contains "700", but other numbers in it have '
            '"k". Write all of them in one unit, or leave this column out.'
        ),
    ),
    ("a,b\n1,70kg\n2,80kg\n", "a number [1] [2] -> b number 70, 80"),
    ("a,b\n1,\u22125.5\n2,7\n", "a number [1] [2] -> b number -5.5, 7"),
    (
        'a,b\n1,"(1,200)"\n2,900\n',
        (
            'a number [1] [2] -> b number -1200, 900 | "b" is read with a decimal point: '
            '"(1,200)" is -1200.'
        ),
    ),
    ("a,b\n1,-$5.50\n2,$-7\n3,$9\n", "a number [1] [2] [3] -> b number -5.5, -7, 9"),
    ("a;b\n1;1 200\n2;13 000\n", "a number [1] [2] -> b number 1200, 13000"),
    ("a;b\n1;1'200\n2;13'000\n", "a number [1] [2] -> b number 1200, 13000"),
    ("a;b\n1;1\xa0200,50\n2;13\u202f000,25\n", "a number [1] [2] -> b number 1200.5, 13000.2"),
    ('a,b\n1,"12,34,567"\n2,"1,23,456"\n', "a number [1] [2] -> b number 1.23457e+06, 123456"),
    ("a,b\n1,1e3\n2,1.5E-2\n", "a number [1] [2] -> b number 1000, 0.015"),
    ("a,b\n1,+5.5\n2,.5\n3,7.\n", "a number [1] [2] [3] -> b number 5.5, 0.5, 7"),
    (
        "a,b\n1,1_000\n2,5\n3,7\n",
        (
            'data.csv, line 2: the target "b" contains "1_000", which is not a number. Correct '
            "it, remove the line, or leave this column out."
        ),
    ),
    (
        "a,b\n1,inf\n2,5.5\n3,7\n",
        (
            'data.csv, line 2: the target "b" contains "inf", which is not a usable number. '
            "Correct it or remove the line."
        ),
    ),
    (
        "a,b\n1,1e200\n2,5.5\n3,7\n",
        (
            'data.csv, line 2: the target "b" contains "1e200", which is not a usable number. '
            "Correct it or remove the line."
        ),
    ),
    (
        "a,b\n1,1e999\n2,5.5\n3,7\n",
        (
            'data.csv, line 2: the target "b" contains "1e999", which is not a usable number. '
            "Correct it or remove the line."
        ),
    ),
    (
        "a,b\n1,0x1F\n2,5.5\n3,7\n",
        (
            'data.csv, line 2: the target "b" contains "0x1F", which is not a number. Correct '
            "it, remove the line, or leave this column out."
        ),
    ),
    (
        "a,b\n1,5.5*\n2,5.5\n3,7\n",
        (
            'data.csv, line 2: the target "b" contains "5.5*", which is not a number. Correct '
            "it, remove the line, or leave this column out."
        ),
    ),
    (
        "a,b\n1,<5\n2,5.5\n3,7\n",
        (
            'data.csv, line 2: the target "b" contains "<5", which is not a number. Correct '
            "it, remove the line, or leave this column out."
        ),
    ),
    ("a,b\n6e99,6e99\n1,2.5\n2,3.5\n", "a number [6e+99] [1] [2] -> b number 6e+99, 2.5, 3.5"),
    ("a,b\n1,1st\n2,2nd\n3,3rd\n4,1st\n", "a number [1] [2] [3] [4] -> b class 1st, 2nd, 3rd, 1st"),
    ("a,b\n1,007\n2,012\n3,100.5\n", "a number [1] [2] [3] -> b number 7, 12, 100.5"),
    (
        "a,b\n1,2.5\n,3.5\n3,4.5\n",
        "a number [1] [2] [3] -> b number 2.5, 3.5, 4.5 | 1 missing cell filled.",
    ),
    (
        "a,b\n1,2.5\nNA,3.5\nn/a,4.5\n4,5.5\n",
        ("a number [1] [2.5] [2.5] [4] -> b number 2.5, 3.5, 4.5, 5.5 | 2 missing cells filled."),
    ),
    (
        "a,b\n1,2.5\nnull,3.5\nNaN,4.5\n4,5.5\n",
        ("a number [1] [2.5] [2.5] [4] -> b number 2.5, 3.5, 4.5, 5.5 | 2 missing cells filled."),
    ),
    (
        "a,b\n1,2.5\n?,3.5\n-,4.5\n4,5.5\n",
        ("a number [1] [2.5] [2.5] [4] -> b number 2.5, 3.5, 4.5, 5.5 | 2 missing cells filled."),
    ),
    (
        "a,b\n1,2.5\nNone,3.5\n.,4.5\n4,5.5\n",
        ("a number [1] [2.5] [2.5] [4] -> b number 2.5, 3.5, 4.5, 5.5 | 2 missing cells filled."),
    ),
    (
        "c,b\nred,2.5\nNA,3.5\nblue,4.5\nred,5.5\n",
        (
            "c category [0, 1, 0] [0, 0, 1] [1, 0, 0] [0, 1, 0] -> b number 2.5, 3.5, 4.5, 5.5 "
            "| 1 missing cell filled."
        ),
    ),
    (
        "c,b\nmissing,2.5\nNA,3.5\nblue,4.5\nred,5.5\n",
        (
            "c category [0, 1, 0, 0] [0, 0, 0, 1] [1, 0, 0, 0] [0, 0, 1, 0] -> b number 2.5, "
            "3.5, 4.5, 5.5 | 1 missing cell filled."
        ),
    ),
    (
        "a,b\n1,2.5\n2,\n3,4.5\n",
        "a number [1] [3] -> b number 2.5, 4.5 | 1 row without a target dropped.",
    ),
    ("a,b\n1,x\n2,\n3,y\n", "a number [1] [3] -> b class x, y | 1 row without a target dropped."),
    (
        "a,b,c\n1,,2.5\n2,,3.5\n",
        ("a number, (b empty) [1] [2] -> c number 2.5, 3.5 | Left out: b (every cell is empty)."),
    ),
    (
        "a,b\n1,\n2,\n",
        (
            "data.csv: 0 of 2 rows can be learned, others have missing cells. Fill in targets "
            "first, then other cells, or leave columns out."
        ),
    ),
    (
        "a,b\nred,1.5\n2,2.5\n3,3.5\n",
        (
            'data.csv, line 2: column "a" contains "red", which is not a number. Correct it, '
            "remove the line, or leave this column out."
        ),
    ),
    ("a,b\ntrue,1.5\nfalse,2.5\n", "a yes/no [1] [0] -> b number 1.5, 2.5"),
    ("a,b\nYes,1.5\nno,2.5\nNO,2.6\n", "a yes/no [1] [0] [0] -> b number 1.5, 2.5, 2.6"),
    ("a,b\nY,1.5\nN,2.5\n", "a yes/no [1] [0] -> b number 1.5, 2.5"),
    ("a,b\non,1.5\noff,2.5\n", "a yes/no [1] [0] -> b number 1.5, 2.5"),
    (
        "a,b\nTRUE,1.5\nFALSE,2.5\n,3.5\n",
        (
            "a yes/no [0, 1, 0] [1, 0, 0] [0, 0, 1] -> b number 1.5, 2.5, 3.5 | 1 missing cell "
            "filled."
        ),
    ),
    (
        "c,b\nlow,1.5\nhigh,2.5\nmid,3.5\nlow,4.5\n",
        "c category [0, 1, 0] [1, 0, 0] [0, 0, 1] [0, 1, 0] -> b number 1.5, 2.5, 3.5, 4.5",
    ),
    ("a,b\n1,low\n2,high\n3,low\n", "a number [1] [2] [3] -> b class low, high, low"),
    (
        "a,b\n1.5,1\n2.5,2\n3.5,3\n",
        (
            "a number [1.5] [2.5] [3.5] -> b class 1, 2, 3 | It has 3 different whole numbers: "
            "they are classes."
        ),
    ),
    (
        "a,b\n1,x\n2,5\n3,y\n4,x\n",
        "a number [1] [2] [3] [4] -> b class x, 5, y, x | "
        '"b" has numbers among names: all are names.',
    ),
    ("a,b\n1,Yes\n2,No\n3,yes\n", "a number [1] [2] [3] -> b class Yes, No, Yes"),
    (
        "d,b\n2020-01-01,1.5\n2020-07-02,2.5\n2021-01-01,3.5\n",
        "d date [2020] [2020.5] [2021] -> b number 1.5, 2.5, 3.5",
    ),
    ("d,b\n31.12.2020,1.5\n01.06.2021,2.5\n", "d date [2021] [2021.41] -> b number 1.5, 2.5"),
    ("d,b\n12/31/2020,1.5\n01/06/2021,2.5\n", "d date [2021] [2021.01] -> b number 1.5, 2.5"),
    ("d,b\n31/12/2020,1.5\n01/06/2021,2.5\n", "d date [2021] [2021.41] -> b number 1.5, 2.5"),
    (
        "d,b\n01/02/2020,1.5\n03/06/2021,2.5\n",
        (
            'd date [2020] [2021.18] -> b number 1.5, 2.5 | The dates of "d" are read with the '
            "month first."
        ),
    ),
    (
        "d,b\n2020-01-01T12:00:00Z,1.5\n2020-07-02 06:30,2.5\n",
        "d date [2020] [2020.5] -> b number 1.5, 2.5",
    ),
    (
        'd,b\n"Jan 5, 2020",1.5\n"March 7, 2021",2.5\n',
        "d date [2020.01] [2021.18] -> b number 1.5, 2.5",
    ),
    ("d,b\n5 Jan 2020,1.5\n07-Mar-21,2.5\n", "d date [2020.01] [2021.18] -> b number 1.5, 2.5"),
    ("d,b\n2020-01,1.5\n2020-02,2.5\n", "d date [2020] [2020.08] -> b number 1.5, 2.5"),
    (
        "d,b\n2020-01-01,1.5\n2020-02-30,2.5\n2020-03-01,3.5\n",
        (
            'data.csv, line 3: column "d" contains "2020-02-30", which is not a date like the '
            "others. Correct it, remove the line, or leave this column out."
        ),
    ),
    (
        "d,b\n2020-01-01,1.5\nsoon,2.5\n2020-03-01,3.5\n",
        (
            'data.csv, line 3: column "d" contains "soon", which is not a date like the '
            "others. Correct it, remove the line, or leave this column out."
        ),
    ),
    (
        "id,a,b\n1,2,2.5\n2,7,3.5\n3,1,4.5\n",
        (
            "(id row numbers), a number [2] [7] [1] -> b number 2.5, 3.5, 4.5 | Left out: id "
            "(it only numbers the rows)."
        ),
    ),
    (
        ",a,b\n0,2,2.5\n1,7,3.5\n2,1,4.5\n",
        (
            "(column 1 row numbers), a number [2] [7] [1] -> b number 2.5, 3.5, 4.5 | Left "
            "out: column 1 (it only numbers the rows)."
        ),
    ),
    (
        "Unnamed: 0,a,b\n0,2,2.5\n1,7,3.5\n2,1,4.5\n",
        (
            "(Unnamed: 0 row numbers), a number [2] [7] [1] -> b number 2.5, 3.5, 4.5 | Left "
            "out: Unnamed: 0 (it only numbers the rows)."
        ),
    ),
    (
        "user_id,a,b\n17,2,2.5\n12,7,3.5\n99,1,4.5\n",
        (
            "(user_id identifier), a number [2] [7] [1] -> b number 2.5, 3.5, 4.5 | Left out: "
            "user_id (a different one in every row)."
        ),
    ),
    (
        "a,k,b\n2,1,2.5\n7,1,3.5\n1,1,4.5\n",
        (
            "a number, (k constant) [2] [7] [1] -> b number 2.5, 3.5, 4.5 | Left out: k "
            '(always "1").'
        ),
    ),
    (
        "a,b\n1,x\n1,y\n",
        (
            'data.csv: no column is left as an input: "a" (always "1"). Take one of them, or '
            "choose another target."
        ),
    ),
    (
        "a,b\n1,x\n2,x\n",
        (
            'data.csv: the target "b" is always "x". Use at least two classes, or choose '
            "another column as the target."
        ),
    ),
    (
        "name,a,b\n" + "".join(f"car {k},{k % 7},{k}.5\n" for k in range(12)),
        (
            "(name identifier), a number [0] [1] [2] [3] -> b number 0.5, 1.5, 2.5, 3.5 | Left "
            "out: name (a different one in every row)."
        ),
    ),
    (
        "b,name\n" + "".join(f"{k}.5,car {k}\n" for k in range(12)),
        "b number [0.5] [1.5] [2.5] [3.5] -> name class car 0, car 1, car 2, car 3",
    ),
    (
        "a,class,b\n1,x,2.5\n2,y,3.5\n3,x,4.5\n",
        (
            "a number, b number [1, 2.5] [2, 3.5] [3, 4.5] -> class class x, y, x | The target "
            'is "class".'
        ),
    ),
    (
        "a,b\n1," + "c" * 101 + "\n2,y\n",
        (
            'data.csv, line 2: the target "b" has a value that is longer than 100 characters. '
            "Shorten it."
        ),
    ),
    (
        "a" * 101 + ",b\n1,2.5\n2,3.5\n",
        (
            "a" * 99 + "… number [1] [2] -> b number 2.5, 3.5 | "
            f'The long name of column 1 is cut to "{"a" * 39}…".'
        ),
    ),
    ('a,b\n1,"say ""hi"""\n2,bye\n', 'a number [1] [2] -> b class say "hi", bye'),
    ("a;b;c\n1;x,y;2.5\n2;z,w;3.5\n", "a number, b category [1, 0] [2, 1] -> c number 2.5, 3.5"),
    ("date;b\n2020-01-01;1,5\n2020-01-02;2,5\n", "date date [2020] [2020] -> b number 1.5, 2.5"),
    ("a,b\n1,2.5\n\n\n2,3.5\n,\n", "a number [1] [2] -> b number 2.5, 3.5"),
    (
        "a:b\n1:2\n",
        (
            "data.csv, line 1: there is only one column. Separate inputs and target by comma, "
            "semicolon or tab."
        ),
    ),
    ("a,b\n 1,\t2.5\n2 ,3.5\t\n", "a number [1] [2] -> b number 2.5, 3.5"),
    (
        "\ta\tb\n0\t5\t1.5\n1\t3\t2.5\n2\t9\t3.5\n",
        (
            "(column 1 row numbers), a number [5] [3] [9] -> b number 1.5, 2.5, 3.5 | Left "
            "out: column 1 (it only numbers the rows)."
        ),
    ),
    (
        '"mpg" "cyl"\n"Mazda RX4" 21.5 6\n"Datsun 710" 22.8 4\n"Valiant" 18.1 6\n',
        (
            "(column 1 row numbers), mpg number [21.5] [22.8] [18.1] -> cyl class 6, 4, 6 | "
            "Line 1 has no name for the first column. | It has 2 different whole numbers: they "
            "are classes. | Left out: column 1 (it only numbers the rows)."
        ),
    ),
    (
        "x,y\n1,a\n2,a\n3,b\n\n\n# end\n",
        "x number [1] [2] [3] -> y class a, a, b | 1 comment between the rows skipped.",
    ),
    (
        "// x\n1,2.5\n2,3.5\n3,4.5\n",
        (
            "column 1 number [1] [2] [3] -> column 2 number 2.5, 3.5, 4.5 | Line 1 is not part "
            "of the table, by the number of fields."
        ),
    ),
    ("a,b\n1;5,2.5\n2;7,3.5\n", "a category [0] [1] -> b number 2.5, 3.5"),
    (
        "a,b,c\n1,2\n3,4\n5,6\n",
        (
            "data.csv, line 2: the number of fields is 2 here but 3 in the first line. Give "
            "each line the same number of fields."
        ),
    ),
    ("a,b\n1,2\xa0\n2,3.5\n", "a number [1] [2] -> b number 2, 3.5"),
    ("a,b\n\u0661,2.5\n\u0662,3.5\n", "a number [1] [2] -> b number 2.5, 3.5"),
    (
        "t,b\n10:30,1.5\n11:45,2.5\n10:30,3.5\n",
        (
            "t number [10.5] [11.75] [10.5] -> b number 1.5, 2.5, 3.5 | "
            '"t" has times, read as hours: "10:30" is 10.5.'
        ),
    ),
    (
        "t,b\n0:30 am,1.5\n9:45 pm,2.5\n12:00:36 PM,3.5\n",
        (
            "t number [0.5] [21.75] [12.01] -> b number 1.5, 2.5, 3.5 | "
            '"t" has times, read as hours: "0:30 am" is 0.5.'
        ),
    ),
    (
        "t,b\n10:30,1.5\n11:75,2.5\n10:45,3.5\n",
        (
            'data.csv, line 3: column "t" contains "11:75", which is not a number. Correct it, '
            "remove the line, or leave this column out."
        ),
    ),
    (
        "day,8:00,9:00\nMon,3,4.5\nTue,6,7.5\nMon,1,3.5\nTue,4,2.5\n",
        ("day category, 8:00 number [0, 3] [1, 6] [0, 1] [1, 4] -> 9:00 number 4.5, 7.5, 3.5, 2.5"),
    ),
    (
        "t,b\n1:00,1.5\n2:01 pm,2.5\n3:00 pm,3.5\n",
        (
            'data.csv, line 2: column "t" contains "1:00", but other numbers in it have "am/pm". '
            "Write all of them in one unit, or leave this column out."
        ),
    ),
    (
        "t,b\n13:00 am,1.5\n2:00 pm,2.5\n3:00 pm,3.5\n4:00 pm,4.5\n",
        (
            'data.csv, line 2: column "t" contains "13:00 am", which is not a number. Correct it, '
            "remove the line, or leave this column out."
        ),
    ),
    (
        "v,b\n$1.200,1.5\n$900,2.5\n$1.050,3.5\n",
        (
            "v number [1.2] [900] [1.05] -> b number 1.5, 2.5, 3.5 | "
            '"v" is read with a decimal point: "$1.200" is 1.2.'
        ),
    ),
    (
        "v,b\n1.200,1.5\n900,2.5\n1.050,3.5\n",
        (
            "v number [1.2] [900] [1.05] -> b number 1.5, 2.5, 3.5 | "
            '"v" is read with a decimal point: "1.200" is 1.2.'
        ),
    ),
    (
        "v,b\n1.200,1.5\n9.001,2.5\n1.050,3.5\n",
        "v number [1.2] [9.001] [1.05] -> b number 1.5, 2.5, 3.5",
    ),
    ("v,b\n1K,1.5\n2k,2.5\n3K,3.5\n", "v number [1] [2] [3] -> b number 1.5, 2.5, 3.5"),
    (
        "v,b\n-3M,1.5\n-1.5K,2.5\n900,3.5\n",
        (
            "v number [-3e+06] [-1500] [900] -> b number 1.5, 2.5, 3.5 | "
            '"v" has numbers with K, M or B: "-3M" is -3,000,000.'
        ),
    ),
    (
        "v,b\n1.5K,1.5\n3M,2.5\n900,3.5\n2.25K,4.5\n",
        (
            "v number [1500] [3e+06] [900] [2250] -> b number 1.5, 2.5, 3.5, 4.5 | "
            '"v" has numbers with K, M or B: "3M" is 3,000,000.'
        ),
    ),
    (
        "v,b\n$1.5M,1.5\n$30k,2.5\n$900,3.5\n",
        (
            "v number [1.5e+06] [30000] [900] -> b number 1.5, 2.5, 3.5 | "
            '"v" has numbers with K, M or B: "$1.5M" is 1,500,000.'
        ),
    ),
    ("v,b\n1.5K,1.5\n3K,2.5\n9K,3.5\n", "v number [1.5] [3] [9] -> b number 1.5, 2.5, 3.5"),
    (
        # Somebody who writes 3M doesn't write 9000: what is meant is open.
        "v,b\n1.5K,1.5\n3M,2.5\n9000,3.5\n",
        (
            'data.csv, line 3: column "v" contains "3M", but other numbers in it have "K". '
            "Write all of them in one unit, or leave this column out."
        ),
    ),
    (
        "v,b\n" + "".join(f"{-999 if k % 8 == 0 else k},{k % 7}.5\n" for k in range(40)),
        (
            "v number [-999] [1] [2] [3] -> b number 0.5, 1.5, 2.5, 3.5 | "
            '"v" is -999 in 12% of the rows, far from its other numbers: if that means missing, '
            "empty those cells."
        ),
    ),
    (
        # As far as -99 is from the others they are from each other.
        "v,b\n" + "".join(f"{-99 if k % 8 == 0 else k * 3},{k % 7}.5\n" for k in range(40)),
        "v number [-99] [3] [6] [9] -> b number 0.5, 1.5, 2.5, 3.5",
    ),
    (
        f"a,b\n1,2.5\n{'x' * 131_073},3.5\n",
        (
            "data.csv, line 3: a field is longer than 131,072 characters. Shorten it, or look "
            "for a quote that is missing."
        ),
    ),
    (
        "a,b\n" + "1,2.5\n" * 60 + f"{'x' * 131_073},3.5\n",
        (
            "data.csv, line 62: a field is longer than 131,072 characters. Shorten it, or look "
            "for a quote that is missing."
        ),
    ),
    (
        "a,b\n1,2.5\n" + "1," * 500_001 + "3.5\n",
        (
            "data.csv, line 3: this line can't be split into fields (it is longer than 1,000,000 "
            "characters). Check quotes and line ends from here on."
        ),
    ),
    ("a,b\n1,1.2.3\n2,1.2.4\n3,1.2.3\n", "a number [1] [2] [3] -> b class 1.2.3, 1.2.4, 1.2.3"),
    (
        "a,b\n1,192.168.0.1\n2,10.0.0.1\n3,10.0.0.1\n",
        "a number [1] [2] [3] -> b class 192.168.0.1, 10.0.0.1, 10.0.0.1",
    ),
    ("a,b\n1,1-2\n2,3-4\n3,1-2\n", "a number [1] [2] [3] -> b class 1-2, 3-4, 1-2"),
    ("a,b\n3,$\n2,$$\n3,$\n", "a number [3] [2] [3] -> b class $, $$, $"),
    ("a,b\n1.5,EUR 5\n2.5,EUR 7\n", "a number [1.5] [2.5] -> b number 5, 7"),
    ("a,b\n1.5,5 EUR\n2.5,7 EUR\n", "a number [1.5] [2.5] -> b number 5, 7"),
    ("a,b\n1.5,20\xb0C\n2.5,25\xb0C\n", "a number [1.5] [2.5] -> b number 20, 25"),
    ("a,b\n1.5,5 m/s\n2.5,7 m/s\n", "a number [1.5] [2.5] -> b number 5, 7"),
    (
        "a,b\n1.5,3 apples\n2.5,4 pears\n3.5,5 plums\n4.5,1 nuts\n",
        (
            "a number [1.5] [2.5] [3.5] [4.5] -> b class 3 apples, 4 pears, 5 plums, 1 nuts | "
            '"b" has 4 units: it is a category.'
        ),
    ),
    (
        "a,b\n1.5,M\n2.5,F\n3.5,\n",
        "a number [1.5] [2.5] -> b class M, F | 1 row without a target dropped.",
    ),
    (
        "a,b,c\n1.5,x,1\n2.5,y,0\n,x,1\n3.5,,0\n",
        (
            "a number, b category [1.5, 1, 0, 0] [2.5, 0, 1, 0] [2.5, 1, 0, 0] [3.5, 0, 0, 1] "
            "-> c class 1, 0, 1, 0 | It has 2 different whole numbers: they are classes. | 2 "
            "missing cells filled."
        ),
    ),
    ("=1+1,b\n1,2.5\n2,3.5\n", "=1+1 number [1] [2] -> b number 2.5, 3.5"),
    (
        "a,b\n1.5,=SUM(A1:A2)\n2.5,3\n3.5,4\n",
        (
            'data.csv, line 2: the target "b" contains "=SUM(A1:A2)", which is not a number. '
            "Correct it, remove the line, or leave this column out."
        ),
    ),
    (
        "a,b\n1.5,#DIV/0!\n2.5,3\n3.5,4.5\n",
        "a number [2.5] [3.5] -> b number 3, 4.5 | 1 row without a target dropped.",
    ),
    (
        "a,b\n1.5,#REF!\n2.5,3\n3.5,4.5\n",
        (
            'data.csv, line 2: the target "b" contains "#REF!", which is not a number. Correct '
            "it, remove the line, or leave this column out."
        ),
    ),
    ("\u202ea,b\n1,2.5\n2,3.5\n", "?a number [1] [2] -> b number 2.5, 3.5"),
    ("a,b\n1,2.5\n2,-0\n3,0\n", "a number [1] [2] [3] -> b number 2.5, 0, 0"),
    (
        "a,b\n1,2\n2,2\n3,2\n",
        (
            'data.csv: the target "b" is always "2". Use at least two classes, or choose '
            "another column as the target."
        ),
    ),
    ("d,b\n1899-12-31,1.5\n9999-12-31,2.5\n", "d date [1900] [10000] -> b number 1.5, 2.5"),
    ("d,b\n0000-01-01,1.5\n0000-01-02,2.5\n", "d category [0] [1] -> b number 1.5, 2.5"),
    ("d,b\n1/1/70,1.5\n31/12/68,2.5\n", "d date [1970] [2069] -> b number 1.5, 2.5"),
    ("d,b\n10 Foo 2020,1.5\n11 Foo 2020,2.5\n", "d category [0] [1] -> b number 1.5, 2.5"),
    (
        "d,b\n20200101,1.5\n20200102,2.5\n",
        "d number [2.02001e+07] [2.02001e+07] -> b number 1.5, 2.5",
    ),
    ("d,b\nMarch 2020,1.5\nApril 2020,2.5\n", "d date [2020.16] [2020.25] -> b number 1.5, 2.5"),
    (
        "d,b\n2020-01-01 11:00 PM,1.5\n2020-01-02 1:00 am,2.5\n",
        "d date [2020] [2020] -> b number 1.5, 2.5",
    ),
]


def described(file: Path) -> str:
    """What becomes of a table."""
    try:
        read, dataset = survey(file), load_csv(file)
    except FileError as error:
        return str(error)
    assert np.isfinite(dataset.network_inputs()).all()
    assert (read.fault, read.n_inputs) == ("", len(dataset.columns))
    others = [column for column in read.columns if column.role != "target"]
    kinds = (f"{column.name} {column.kind}" for column in others)
    shown = (
        kind if column.role == "input" else f"({kind})"
        for kind, column in zip(kinds, others, strict=True)
    )
    samples = (", ".join(f"{n:.6g}" for n in row) for row in dataset.points[:4].tolist())
    targets = [f"{target:.6g}" for target in dataset.targets]
    if dataset.classes:
        targets = [dataset.classes[label] for label in dataset.labels]
    expected = f'The target is "{read.target}", the last column.'
    notes = [note for note in read.notes if note != expected]
    learned = f"{read.target} {'class' if dataset.classes else 'number'}"
    parts = [*(f"[{sample}]" for sample in samples), "->", learned, ", ".join(targets[:4])]
    return " | ".join([f"{', '.join(shown)} {' '.join(parts)}", *notes])


@pytest.mark.parametrize(("content", "expected"), ODD, ids=range(len(ODD)))
def test_an_odd_table_loads_to_what_it_means_or_gets_one_sentence(
    content: str | bytes, expected: str, tmp_path: Path
) -> None:
    file = tmp_path / "data.csv"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    assert described(file) == expected


@pytest.mark.parametrize("row", ["1,2.5\n", '1,"2.5"\n', "\n"])
def test_more_lines_than_there_may_be_are_refused_before_they_are_read(
    row: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(layout, "MAX_LINES", 100)
    file = tmp_path / "data.csv"
    file.write_text("a,b\n1,2.5\n" + row * 98)
    assert "lines" not in described(file)
    file.write_text("a,b\n1,2.5\n" + row * 99)
    assert described(file) == (
        "data.csv, line 101: the file has more than 100 lines. Keep fewer of them."
    )
