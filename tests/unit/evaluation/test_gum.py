from __future__ import annotations

from pathlib import Path

from app.evaluation.gum import GumDocument, GumMention, align, read_document, read_gum


def line(number: str, word: str, misc: str = "_") -> str:
    return "\t".join([number, word, *["_"] * 7, misc])


CONLLU = "\n".join(
    [
        "# newdoc id = GUM_news_x",
        "# newpar",
        "# newpar_block = p (1 s)",
        line("1", "The", "Entity=(1-person-new-ssnss-cf1-2-coref"),
        line("2", "mayor"),
        line("3", "of"),
        line("4", "Oslo", "Entity=(2-place-new-sssss-cf2-1-coref-Oslo)1)|SpaceAfter=No"),
        line("5-6", "'ll", "_"),
        line("5", "'"),
        line("5.1", "ghost", "Entity=(9-person-new-ssnss-cf1-1-coref)"),
        line("6", "ll"),
        line("7", "go", "Entity=(3-event-new-ssnss-cf1-1-coref)|SpaceAfter=No"),
        line("8", "."),
        "",
        "# text = She knows Oslo.",
        line("1", "She", "Entity=(1-person-giv-ssnss-cf1-1-ana)"),
        line("2-3", "can't", "SpaceAfter=No"),
        line("2", "ca"),
        line("3", "n't"),
        line("4", "!", "Entity=4)"),
        "",
        "# newpar",
        line("1", "Oslo", "Entity=(2-place-giv-sssss-cf1-1-coref-Oslo)"),
        "",
    ]
)


def test_words_become_running_text_and_brackets_become_chains() -> None:
    document = read_document("x", CONLLU)

    assert document.text == "The mayor of Oslo'll go. She can't!\n\nOslo"
    assert [[document.text[m.start : m.end] for m in chain] for chain in document.chains] == [
        ["The mayor of Oslo", "She"],
        ["Oslo", "Oslo"],
    ]
    mayor = document.chains[0][0]
    assert document.text[slice(*mayor.core)] == "mayor"


def test_a_mention_cut_down_to_its_core_still_matches_and_the_shortest_wins() -> None:
    document = read_document("x", CONLLU)
    mayor, oslo = document.chains[0][0], document.chains[1][0]

    assert align(document, [(0, 9), (4, 9), (13, 17), (10, 12), (3, 30)]) == {
        (0, 9): mayor,
        (4, 9): mayor,
        (13, 17): oslo,
    }


def test_a_core_beyond_the_mention_is_the_whole_mention() -> None:
    document = read_document("x", line("1", "Oslo", "Entity=(2-place-new-sssss-cf2-7-coref)"))

    assert document == GumDocument("x", "Oslo", ((GumMention(0, 4, (0, 4)),),))


def test_a_folder_is_read_by_name(tmp_path: Path) -> None:
    for name in ("b", "a"):
        (tmp_path / f"{name}.conllu").write_text(line("1", name), encoding="utf-8")

    assert [(d.id, d.text) for d in read_gum(tmp_path)] == [("a", "a"), ("b", "b")]
