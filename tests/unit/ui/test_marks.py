from __future__ import annotations

from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from app.ui.marks import Mark, mark_up


class Reader(HTMLParser):
    """Reads markup back: its text, its ids, and whether every element closed where it should."""

    def __init__(self) -> None:
        super().__init__()
        self.text = ""
        self.open: list[str] = []
        self.ids: list[str] = []
        self.covered: dict[str, str] = {}
        self.names: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.open.append(tag)
        self.names.append(found.get("data-name") or "")
        if found.get("id") is not None:
            self.ids.append(str(found["id"]))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag
        self.names.pop()

    def handle_data(self, data: str) -> None:
        self.text += data
        for name in self.names:
            self.covered[name] = self.covered.get(name, "") + data


def read(markup: Markup) -> Reader:
    reader = Reader()
    reader.feed(str(markup))
    reader.close()
    assert reader.open == []
    return reader


def named(start: int, end: int, name: str, **more: object) -> Mark:
    return Mark(start, end, id=name, attributes={"data-name": name}, **more)  # type: ignore[arg-type]


def test_a_mark_stands_around_its_words() -> None:
    found = mark_up("He said no.", 0, 11, [Mark(8, 10, tag="b", attributes={"class": "quote"})])

    assert found == 'He said <b class="quote">no</b>.'


def test_a_mark_that_crosses_another_goes_on_behind_it_without_its_id() -> None:
    found = mark_up("abcdef", 0, 6, [named(0, 4, "one"), named(2, 6, "two")])

    assert found == (
        '<span id="one" data-name="one">ab<span id="two" data-name="two">cd</span></span>'
        '<span data-name="two">ef</span>'
    )


def test_of_one_extent_the_lower_rank_is_outside() -> None:
    found = read(mark_up("name", 0, 4, [named(0, 4, "inner", rank=2), named(0, 4, "outer", rank=1)]))

    assert found.ids == ["outer", "inner"]


def test_a_note_stands_once_behind_the_whole_mark() -> None:
    marks = [named(0, 4, "cut"), named(2, 6, "noted", note=Markup("<i>!</i>"))]

    assert str(mark_up("abcdef", 0, 6, marks)).count("<i>!</i>") == 1
    assert str(mark_up("abcdef", 0, 6, marks)).endswith("ef</span><i>!</i>")


def test_a_mark_over_two_paragraphs_has_its_id_and_its_note_once() -> None:
    mark = named(0, 9, "both", note=Markup("<i>!</i>"))
    first, second = mark_up("abcd efgh", 0, 4, [mark]), mark_up("abcd efgh", 5, 9, [mark])

    assert (first, second) == (
        '<span id="both" data-name="both">abcd</span>',
        '<span data-name="both">efgh</span><i>!</i>',
    )


def test_text_and_attributes_cannot_become_markup() -> None:
    text = '<script>alert("1")</script>'
    found = str(mark_up(text, 0, len(text), [Mark(0, 3, attributes={"data-voice": '"><script>'})]))

    assert "<script" not in found


@given(
    st.text(alphabet="ab<&\n \U0001f600", min_size=1, max_size=30).flatmap(
        lambda text: st.tuples(
            st.just(text),
            st.lists(
                st.tuples(st.integers(0, len(text) - 1), st.integers(1, len(text)), st.integers(-1, 3)), max_size=8
            ),
        )
    )
)
def test_whatever_overlaps_every_mark_covers_its_own_words(case: tuple[str, list[tuple[int, int, int]]]) -> None:
    text, spans = case
    marks = [named(a, b, f"m{n}", rank=rank) for n, (a, b, rank) in enumerate(spans) if a < b]

    found = read(mark_up(text, 0, len(text), marks))

    assert found.text == text
    assert sorted(found.ids) == sorted(str(m.id) for m in marks)
    assert found.covered == {str(m.id): text[m.start : m.end] for m in marks}
