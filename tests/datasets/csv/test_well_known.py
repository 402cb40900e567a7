"""Ten tables with the quirks of well-known ones, and what each of their columns becomes."""

from __future__ import annotations

from pathlib import Path

import pytest

from toygrad.datasets import Column, load_csv, survey

TABLES: dict[str, str] = {
    "passengers": "PassengerId,Survived,Pclass,Name,Sex,Age,Fare,Cabin,Embarked\n"
    + "".join(
        f'{k + 1},{k % 2},{k % 3 + 1},"Mr. No{k}, A",'
        f"{'male' if k % 3 else 'female'},{'' if k % 5 == 0 else 20 + k},"
        f"{7.25 * (k % 4 + 1)},{'C' + str(k) if k % 6 == 0 else ''},"
        f"{'SCQ'[k % 3]}\n"
        for k in range(20)
    ),
    "penguins": "species,island,bill_length_mm,body_mass_g,sex,year\n"
    + "".join(
        f"{['Adelie', 'Gentoo', 'Chinstrap'][k % 3]},"
        f"{['Torgersen', 'Biscoe'][k % 2]},{'NA' if k == 3 else 35.5 + k},"
        f"{3200 + 150 * (k % 7)},"
        f"{'NA' if k % 8 == 0 else ['male', 'female'][k % 2]},{2007 + k % 3}\n"
        for k in range(24)
    ),
    "cars of R": '"mpg" "cyl" "hp" "gear"\n'
    + "".join(
        f'"Car {k}" {15.5 + k} {[4, 6, 8][k % 3]} {90 + 7 * k} {3 + k % 3}\n' for k in range(12)
    ),
    "with an index of pandas": ",sepal,petal,species\n"
    + "".join(
        f"{k},{5 + k / 10},{1.5 + k % 4},{['setosa', 'virginica'][k % 2]}\n" for k in range(10)
    ),
    "sizes in the first line": "12,3,malignant,benign\n"
    + "".join(f"{k * 1.5},{k % 5},{10 - k},{k % 2}\n" for k in range(12)),
    "income": "age, workclass, education, hours, income\n"
    + "".join(
        f"{25 + k}, {'?' if k % 7 == 0 else ['Private', 'State-gov'][k % 2]}, "
        f"{['HS-grad', '11th', 'Bachelors'][k % 3]}, {35 + k % 4}, "
        f"{['<=50K', '>50K'][k % 2]}\n"
        for k in range(14)
    ),
    "sales of Europe": "Datum;Kunde;Menge;Umsatz\n"
    + "".join(
        f"{k % 28 + 1:02d}.03.2021;{['Ost', 'West', 'Nord'][k % 3]};{k + 1};"
        f"{(k + 1)}.{k:03d},{k % 10}5 €\n"
        for k in range(12)
    ),
    "houses": "address,price,area,built,has garden\n"
    + "".join(
        f'"{k} High Street, Town","${250 + k},{k:03d}",{50 + k} m2,{1950 + k},'
        f"{['Yes', 'No'][k % 2]}\n"
        for k in range(12)
    ),
    "weather": "# station 17\n# unit: mm\ndate,rain,temp,weather\n"
    + "".join(
        f"2012/{k % 12 + 1:02d}/{k % 27 + 1:02d},{k / 2},"
        f"{-k / 10 if k % 9 else '--'},{['sun', 'rain', 'fog'][k % 3]}\n"
        for k in range(30)
    ),
    "mileage": "".join(
        f"{18 + k}.0   {[8, 4, 6][k % 3]}   "
        f'{307 + k}.0   {"?" if k == 5 else 130 + k}   "model {k}"\n'
        for k in range(15)
    ),
}

BECOMES: dict[str, list[str]] = {
    "passengers": [
        "PassengerId: row numbers, out, it only numbers the rows",
        "Survived: number, its number",
        "Pclass: number, its number",
        "Name: identifier, out, a different one in every row",
        "Sex: category, 1 for male, 0 for female",
        "Age: number, its number, missing ones the median, 4 missing",
        "Fare: number, its number",
        "Cabin: category, one input for each of 5 values, 16 missing",
        "Embarked: category, target, 3 classes",
    ],
    "penguins": [
        "species: category, one input for each of 3 values",
        "island: category, 1 for Torgersen, 0 for Biscoe",
        "bill_length_mm: number, its number, missing ones the median, 1 missing",
        "body_mass_g: number, its number",
        "sex: category, one input for each of 3 values, 3 missing",
        "year: number, target, 3 classes",
    ],
    "cars of R": [
        "column 1: row numbers, out, it only numbers the rows",
        "mpg: number, its number",
        "cyl: number, its number",
        "hp: number, its number",
        "gear: number, target, 3 classes",
    ],
    "with an index of pandas": [
        "column 1: row numbers, out, it only numbers the rows",
        "sepal: number, its number",
        "petal: number, its number",
        "species: category, target, 2 classes",
    ],
    "sizes in the first line": [
        "column 1: number, its number",
        "column 2: number, its number",
        "column 3: number, its number",
        "column 4: number, target, 2 classes",
    ],
    "income": [
        "age: number, its number",
        "workclass: category, one input for each of 3 values, 2 missing",
        "education: category, one input for each of 3 values",
        "hours: number, its number",
        "income: category, target, 2 classes",
    ],
    "sales of Europe": [
        "Datum: date, its year",
        "Kunde: category, one input for each of 3 values",
        "Menge: number, its number",
        "Umsatz: number, target, its number in €",
    ],
    "houses": [
        "address: identifier, out, a different one in every row",
        "price: number, its number in $",
        "area: number, its number in m2",
        "built: number, its number",
        "has garden: yes/no, target, 2 classes",
    ],
    "weather": [
        "date: date, its year",
        "rain: number, its number",
        "temp: number, its number, missing ones the median, 4 missing",
        "weather: category, target, 3 classes",
    ],
    "mileage": [
        "column 1: number, its number",
        "column 2: number, its number",
        "column 3: number, its number",
        "column 4: number, target, its number, 1 missing",
        "column 5: identifier, out, a different one in every row",
    ],
}


def described(column: Column) -> str:
    roles = {"input": "", "target": "target, ", "left out": "out, "}
    missing = f", {column.missing} missing" if column.missing else ""
    what = column.encoding or column.reason
    return f"{column.name}: {column.kind}, {roles[column.role]}{what}{missing}"


@pytest.mark.parametrize("name", TABLES)
def test_a_table_like_a_well_known_one_loads_without_help(name: str, tmp_path: Path) -> None:
    file = tmp_path / "table.csv"
    file.write_text(TABLES[name])
    read, dataset = survey(file), load_csv(file)
    assert [described(column) for column in read.columns] == BECOMES[name]
    assert (read.fault, read.n_samples) == ("", dataset.n_samples)
    assert dataset.n_samples >= len(TABLES[name].splitlines()) - 4
