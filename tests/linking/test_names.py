"""Names as they can be compared: what counts as one word, and what does not."""

import pytest

from lod.linking.names import RENDERED, SAME, alike, fold, parse, words


def one(text: str) -> float:
    first, second = text.split(" = ")
    return alike(words(first)[0], words(second)[0])


@pytest.mark.parametrize(
    "pair",
    [
        "Троцкий = Trotsky", "Trotzki = Trotsky", "Trockij = Trotsky", "Trotski = Trotsky",
        "Kibaltschitsch = Kibalchich", "Sedow = Sedov", "Sinowjew = Zinoviev", "Boukharine = Bukharin",
        "Ельцин = Eltsin", "Jelzin = Eltsin", "Yeltsin = Eltsin", "Ljuba = Liuba", "Roussakova = Russakowa",
        "Sokolowskaja = Sokolovskaya", "Iwanowna = Ivanovna", "Lwowitsch = Львович", "Davidovič = Davidovich",
        "Lénine = Lenin", "Gorki = Gorky", "Maximoff = Maximov", "Pjatakow = Pyatakov", "Komintern = Comintern",
        "Хрущёв = Khrouchtchev", "Tschernyschewski = Chernyshevsky", "Серж = Serge",
    ],
)  # fmt: skip
def test_one_word_in_the_spellings_of_several_languages(pair: str) -> None:
    assert one(pair) >= SAME


@pytest.mark.parametrize(
    "pair", ["Leo = Leon", "Лев = Leon", "Seryozha = Sergei", "Vlady = Vladimir", "Jakob = Jacques"]
)
def test_one_given_name_in_two_languages(pair: str) -> None:
    assert one(pair) == RENDERED


@pytest.mark.parametrize("pair", ["Charles = André", "Jenny = Anita", "Gide = Spaak", "Felix = Erwin"])
def test_two_names(pair: str) -> None:
    assert one(pair) == 0


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("Sedova, NI", ["sedova F", "n .", "i ."]),
        ("B. M. Eltsin", ["b .", "m .", "eltsin F"]),
        ("Mikh.[ailovich] Eltsin", ["mikhailovich P", "eltsin F"]),
        ("Kibalchich, Victor Lvovich", ["kibalchich F", "victor", "lvovich P"]),
        ("Lev Lvovich", ["lev", "lvovich P"]),
        ("Sobolevich", ["sobolevich F"]),
        ("Henri van Rollenburg", ["henri", "rollenburg F"]),
    ],
)
def test_the_parts_of_a_name(name: str, told: list[str]) -> None:
    def shown(word: object) -> str:
        marks = "".join(
            sign for sign, it in ((" F", word.family), (" P", word.patronymic), (" .", not word.full)) if it
        )  # type: ignore[attr-defined]
        return f"{word.text}{marks}"  # type: ignore[attr-defined]

    assert [shown(word) for word in words(name)] == told


def test_years_brackets_and_strokes_are_told_apart_from_the_name() -> None:
    assert parse("Serge, Victor, 1890-1947") == parse("Serge, Victor (1890–1947)")
    assert (parse("Serge, Victor, 1890-1947").born, parse("Serge, Victor, 1890-").died) == (1890, 0)
    assert parse("Kibalchich (Victor Serge)").forms[:2] == ("Kibalchich", "Victor Serge")
    assert parse("Volkov, Siova (Trotsky's Grandson)").forms == ("Volkov, Siova",)
    assert parse("Etienne/Zborowski").forms[1:] == ("Etienne", "Zborowski")


def test_folding_keeps_only_letters_that_count() -> None:
    assert fold("P.O.U.M.") == "poum"
    assert fold("Éditions du Sagittaire") == "editions du sagittaire"
    assert fold("Verkhne-Uralsk") == "verkhne uralsk"
    assert fold("?!") == ""
