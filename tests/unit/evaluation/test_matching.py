from __future__ import annotations

from app.evaluation.matching import Pair, cover, find_words, jaccard, match_by_words, match_one_to_one, union


def test_words_hold_inner_marks_and_leave_out_outer_ones() -> None:
    text = "“It’s the U.S. co-op,” O'Neill said."

    assert [text[a:b] for a, b in find_words(text)] == ["It’s", "the", "U.S", "co-op", "O'Neill", "said"]


def test_a_span_covers_every_word_that_it_touches() -> None:
    words = find_words("alpha beta gamma delta")

    assert cover(words, [(3, 7)]) == {0, 1}
    assert cover(words, [(0, 1), (17, 22)]) == {0, 3}


def test_a_span_that_touches_no_word_covers_none() -> None:
    words = find_words("alpha beta")

    assert cover(words, [(5, 6)]) == frozenset()
    assert cover(words, [(2, 2)]) == frozenset()
    assert cover(words, []) == frozenset()


def test_jaccard_is_the_share_of_all_that_both_have() -> None:
    assert jaccard(frozenset({1, 2, 3}), frozenset({2, 3, 4, 5})) == 2 / 5
    assert jaccard(frozenset[int](), frozenset[int]()) == 0.0


def test_union_of_nothing_is_nothing() -> None:
    assert union([]) == frozenset()
    assert union([frozenset({1}), frozenset({2})]) == {1, 2}


def test_the_likest_pairs_are_made_first_and_nothing_is_paired_twice() -> None:
    pairs = [Pair(0.6, 0, 0), Pair(0.9, 1, 0), Pair(0.5, 0, 1), Pair(0.4, 1, 1)]

    assert match_one_to_one(pairs) == {1: 0, 0: 1}


def test_equal_pairs_are_made_in_their_order() -> None:
    assert match_one_to_one([Pair(0.5, 0, 1), Pair(0.5, 0, 0), Pair(0.5, 1, 1)]) == {0: 1}


def test_half_of_the_words_is_enough_and_less_is_not() -> None:
    gold = [frozenset({1, 2, 3}), frozenset({7, 8, 9})]
    predicted = [frozenset({8, 9, 10, 11, 12}), frozenset({2, 3, 4})]

    assert match_by_words(gold, predicted) == {0: 1}
