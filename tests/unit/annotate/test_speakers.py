"""Speakers: whom the source of an attribution means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from app.annotate.attribution import Attribution
from app.annotate.cast import Cast
from app.annotate.descriptions import find_speaker, gather_holders, remember
from app.annotate.discourse import Thread, set_stage
from app.annotate.entities import Group
from app.annotate.speakers import Reader, Speaker
from tests.unit.annotate.readings import Pairs, Scene, make_scene

LEE, ROE, ACME, WORKS, RUSSIA, MOSCOW = range(6)
CAST = "Ann Lee met Tom Roe of Acme Steel, Kesterly Works, Russia and Moscow. It rained, "


def scene_of(source: str, pairs: Pairs | None = None, text: str = CAST) -> Scene:
    return make_scene(f"{text}{source} said.", pairs=pairs)


def groups_of(scene: Scene, *more: Group) -> tuple[Group, ...]:
    return (
        scene.group("person", "Ann Lee"),
        scene.group("person", "Tom Roe"),
        scene.group("organization", "Acme Steel"),
        scene.group("organization", "Kesterly Works"),
        scene.group("place", "Russia"),
        scene.group("place", "Moscow"),
        *more,
    )


def reader_of(scene: Scene, cast: Cast, *attributions: Attribution, before: int | None = None) -> Reader:
    """Return what reads a story whose sources are those of ``attributions``; ``before`` spoke last."""
    sources = [a.source.span for a in attributions if a.source is not None]
    return Reader(set_stage(scene.document, scene.pieces.quotations, cast, sources), scene.links, Thread(before))


def find(
    scene: Scene,
    attribution: Attribution,
    cast: Cast,
    titles: Sequence[tuple[str, int]] = (),
    before: int | None = None,
) -> Speaker:
    """Return who speaks in ``attribution``."""
    return find_speaker(attribution, reader_of(scene, cast, attribution, before=before), gather_holders(titles))


def speaker_of(
    scene: Scene,
    source: str,
    *more: Group,
    titles: Sequence[tuple[str, int]] = (),
    before: int | None = None,
) -> Speaker:
    """Return the speaker that ``source`` means in a story of the cast above; ``more`` names stand in the source."""
    found = scene.attribution("It rained", "said", source)
    return find(scene, found, scene.cast(*groups_of(scene, *more)), titles, before)


def named(source: str, *names: tuple[str, str]) -> Speaker:
    """Return the speaker that ``source`` means, which holds ``names``: groups from number 6 on."""
    scene = scene_of(source)
    return speaker_of(scene, source, *(scene.group(kind, words) for kind, words in names))


def test_attribution_without_source_has_no_speaker() -> None:
    scene = scene_of("Ann")
    found = find(scene, scene.attribution("It rained", "said"), scene.cast())
    assert replace(found, score=0.0) == Speaker("unresolved", None, None, "none", 0.0)
    assert found.score == pytest.approx(0.1)


def test_name_is_its_person() -> None:
    scene = scene_of("Beth Poe")
    found = speaker_of(scene, "Beth Poe", scene.group("person", "Beth Poe"))
    assert found == Speaker("resolved", 6, scene.span("Beth Poe"), "name", 0.9)


@pytest.mark.parametrize(
    "source",
    [
        "the mayor Beth Poe",
        "Ford campaign spokesman Beth Poe",
        "Ford's manager, Beth Poe, who left",
        "Beth Poe, the head of Ford",
    ],
)
def test_person_that_heads_a_part_of_the_phrase_speaks(source: str) -> None:
    found = named(source, ("person", "Beth Poe"), *([("organization", "Ford")] if "Ford" in source else []))
    assert (found.status, found.group) == ("resolved", 6)


@pytest.mark.parametrize(
    ("source", "kind"), [("Ford", "organization"), ("Ford", "place"), ("an aide, Ford", "organization")]
)
def test_body_or_place_that_heads_the_phrase_speaks(source: str, kind: str) -> None:
    assert named(source, (kind, "Ford")).group == 6


@pytest.mark.parametrize(("source", "kind"), [("an aide, Ford", "place"), ("an aide, Ford man", "organization")])
def test_name_in_a_later_part_does_not_speak(source: str, kind: str) -> None:
    assert named(source, (kind, "Ford")).group is None


def test_name_that_runs_on_beyond_the_source_does_not_speak() -> None:
    scene = make_scene("It rained, said Ann Lee.")
    cast = scene.cast(scene.group("person", "Ann Lee"))
    found = find(scene, scene.attribution("It rained", "said", "Ann"), cast)
    assert found.method == "nominal"


@pytest.mark.parametrize(("word", "status"), [("and", "collective"), ("of", "resolved")])
def test_two_people_joined_by_and_are_several(word: str, status: str) -> None:
    found = named(f"Beth Poe {word} Jim Coe", ("person", "Beth Poe"), ("person", "Jim Coe"))
    assert found.status == status


def test_one_person_by_two_names_is_one() -> None:
    scene = scene_of("Beth Poe and Poe")
    found = speaker_of(scene, "Beth Poe and Poe", scene.group("person", "Beth Poe", "Poe#2"))
    assert (found.status, found.group) == ("resolved", 6)


def test_capital_speaks_for_the_country_of_the_story() -> None:
    scene = make_scene("Russia and Moscow. It rained, Moscow said.")
    cast = scene.cast(scene.group("place", "Russia"), scene.group("place", "Moscow", "Moscow#2"))
    found = find(scene, scene.attribution("It rained", "said", "Moscow#2"), cast)
    assert found.group == 0


@pytest.mark.parametrize(("name", "kind"), [("Kyiv", "place"), ("Moscow", "organization"), ("Kesterly", "place")])
def test_other_names_speak_for_themselves(name: str, kind: str) -> None:
    scene = make_scene(f"Russia. It rained, {name} said.")
    cast = scene.cast(scene.group("place", "Russia"), scene.group(kind, name))
    assert find(scene, scene.attribution("It rained", "said", name), cast).group == 1


@pytest.mark.parametrize("word", ["I", "we"])
def test_first_person_is_left_to_the_caller(word: str) -> None:
    assert speaker_of(scene_of(word), word).method == "self"


@pytest.mark.parametrize("word", ["she", "You", "who", "one"])
def test_pronoun_of_one_person_means_the_person_that_its_link_prefers(word: str) -> None:
    scene = scene_of(word, {"antecedent": [(word, "Tom Roe", 12.0)]}, text=CAST.replace("It rained", "It RAINED"))
    found = find(scene, scene.attribution("It RAINED", "said", word), scene.cast(*groups_of(scene)))
    assert (found.status, found.group, found.method) == ("resolved", ROE, "pronoun")
    assert found.score > 0.6


def test_pronoun_of_one_person_is_never_left_to_nobody() -> None:
    assert speaker_of(scene_of("she", {"antecedent": [("she", None, 9.0)]}), "she").status == "resolved"


def test_pronoun_means_a_body_or_a_place_when_it_is_neuter() -> None:
    text = CAST.replace("It rained", "Rain fell")
    scene = make_scene(f"{text}it said.", pairs={"antecedent": [("it said", "Ann", 9.0), ("it said", "Acme", 5.0)]})
    found = find(scene, scene.attribution("Rain fell", "said", "it"), scene.cast(*groups_of(scene)))
    assert found.group is not None


@pytest.mark.parametrize(("word", "group"), [("they", ACME), ("their", ACME)])
def test_pronoun_of_several_means_a_body(word: str, group: int) -> None:
    scene = scene_of(word, {"antecedent": [(word, "Ann", 9.0), (word, "Acme", 12.0), (word, None, -9.0)]})
    assert speaker_of(scene, word).group == group


def test_pronoun_of_several_may_mean_nobody_named() -> None:
    found = speaker_of(scene_of("they", {"antecedent": [("they", None, 9.0)]}), "they")
    assert (found.status, found.group) == ("collective", None)


def test_pronoun_prefers_who_spoke_before() -> None:
    scene = scene_of("she", {"antecedent": [("she", "Tom Roe", 4.0)]})
    assert speaker_of(scene, "she").group == ROE
    assert speaker_of(scene, "she", before=LEE).group == LEE


def test_shares_of_one_persons_mentions_add_up() -> None:
    scene = make_scene(
        "Lee, Roe, Lee. It rained, she said.",
        pairs={"antecedent": [("she", "Lee", 1.0), ("she", "Lee#2", 1.0), ("she", "Roe", 1.5)]},
    )
    cast = scene.cast(scene.group("person", "Lee", "Lee#2"), scene.group("person", "Roe"))
    assert find(scene, scene.attribution("It rained", "said", "she"), cast).group == 0


def test_pronoun_in_a_story_without_people_is_unresolved() -> None:
    scene = make_scene("It rained, she said.")
    found = find(scene, scene.attribution("It rained", "said", "she"), scene.cast())
    assert (found.status, found.group, found.mention) == ("unresolved", None, scene.span("she"))


@pytest.mark.parametrize(
    ("text", "group"), [("Ann Lee left. It rained, she said.", 0), ("It rained, she said. Ann Lee left.", None)]
)
def test_pronoun_beyond_every_window_means_the_person_before_it(text: str, group: int | None) -> None:
    scene = make_scene(text)
    view = scene.reading.views[0]
    view.anchors[:] = -1
    view.anchors[-1] = scene.piece("she")
    cast = scene.cast(scene.group("person", "Ann Lee"))
    assert find(scene, scene.attribution("It rained", "said", "she"), cast).group == group


def test_document_speaks_for_the_one_named_with_it() -> None:
    found = named("a Ford report", ("organization", "Ford"))
    assert (found.group, found.method) == (6, "document")


def test_document_that_names_nobody_speaks_for_a_body_of_the_story() -> None:
    scene = scene_of("the report", {"antecedent": [("the report", "Acme", 5.0), ("the report", "Ann", 9.0)]})
    found = speaker_of(scene, "the report")
    assert (found.group, found.method) == (ACME, "document")


def test_side_of_a_country_is_that_country() -> None:
    scene = scene_of("the Russian side")
    cast = scene.cast(*groups_of(scene))
    groups = groups_of(scene)
    groups[RUSSIA].names.append(scene.name("Russian", "nationality"))
    cast = scene.cast(*groups)
    found = find(scene, scene.attribution("It rained", "said", "the Russian side"), cast)
    assert found.group == RUSSIA


def test_side_of_nobody_named_is_several() -> None:
    found = speaker_of(scene_of("the other side", {"antecedent": [("the other", None, 9.0)]}), "the other side")
    assert (found.status, found.group) == ("collective", None)


def test_noun_for_bodies_means_the_body_with_that_noun_in_its_name() -> None:
    scene = make_scene("The Kesterly Harbor Ministry met. It rained, the ministry said.")
    cast = scene.cast(scene.group("organization", "Kesterly Harbor Ministry"))
    assert find(scene, scene.attribution("It rained", "said", "the ministry"), cast).group == 0


def test_noun_for_bodies_means_the_body_that_its_link_prefers() -> None:
    scene = scene_of("the company", {"antecedent": [("the company", "Kesterly", 5.0)]})
    found = speaker_of(scene, "the company")
    assert (found.group, found.method) == (WORKS, "nominal")


def test_noun_means_the_body_of_its_kind() -> None:
    scene = make_scene("The Oakdale Medical Center met Acme Steel. It rained, the hospital said.")
    cast = scene.cast(scene.group("organization", "Oakdale Medical Center"), scene.group("organization", "Acme Steel"))
    assert find(scene, scene.attribution("It rained", "said", "the hospital"), cast).group == 0


def test_noun_means_no_body_of_its_kind_that_is_named_less_than_another() -> None:
    text = "Acme Air fell. Acme Air left rival Bolt Airways. Acme Air rose. It rained, the airline said."
    scene = make_scene(text, pairs={"antecedent": [("the airline", "Acme Air#3", 5.0)]})
    copies = ("Acme Air", "Acme Air#2", "Acme Air#3")
    cast = scene.cast(scene.group("organization", *copies), scene.group("organization", "Bolt Airways"))
    assert find(scene, scene.attribution("It rained", "said", "the airline"), cast).group == 0


@pytest.mark.parametrize(
    ("said", "group"),
    [
        ("The company will pay", 0),
        ("The court will sit", 1),
        ("The weather will turn", None),
        ("The lender will pay", None),
        ("Rain will come", None),
    ],
)
def test_it_that_ends_a_report_is_the_body_that_begins_it(said: str, group: int | None) -> None:
    scene = make_scene(f"Acme Steel met the Kesterly Court. Ann Lee left. {said} soon, it said.")
    cast = scene.cast(
        scene.group("organization", "Acme Steel"),
        scene.group("organization", "Kesterly Court"),
        scene.group("person", "Ann Lee"),
    )
    far = scene.attribution(f"{said} soon", "said", "it")
    found = find(scene, far, cast)
    assert found.method == "pronoun"
    assert group is None or found.group == group


def test_noun_for_bodies_means_none_that_it_is_never_said_of() -> None:
    found = speaker_of(
        scene_of("the government", {"antecedent": [("the government", "Acme Steel", 12.0)]}), "the government"
    )
    assert (found.status, found.group) == ("collective", None)


def test_noun_for_bodies_may_mean_nobody_named() -> None:
    found = speaker_of(scene_of("the company", {"antecedent": [("the company", None, 9.0)]}), "the company")
    assert (found.status, found.group) == ("anonymous", None)


@pytest.mark.parametrize("source", ["the governor's office", "the secretary of state's office", "the mayor’s party"])
def test_body_that_belongs_to_somebody_is_no_other_body(source: str) -> None:
    found = speaker_of(scene_of(source, {"antecedent": [(source, "Acme Steel", 12.0)]}), source)
    assert (found.status, found.group) == ("collective", None)


def test_noun_for_bodies_in_a_story_without_bodies_means_nobody() -> None:
    scene = make_scene("It rained, the company said.")
    found = find(scene, scene.attribution("It rained", "said", "the company"), scene.cast())
    assert found.group is None


@pytest.mark.parametrize(("preferred", "group"), [("Ann Lee", None), ("Acme Steel", None), ("Russia", RUSSIA)])
def test_noun_for_places_means_no_person_and_no_body(preferred: str, group: int | None) -> None:
    scene = scene_of("the country", {"antecedent": [("the country", preferred, 12.0)]})
    found = speaker_of(scene, "the country")
    assert (found.group, found.status) == (group, "collective" if group is None else "resolved")


@pytest.mark.parametrize("source", ["the mayor", "the city mayor", "Mayor", "his mayor"])
def test_title_means_its_holder(source: str) -> None:
    found = speaker_of(scene_of(source), source, titles=[("city mayor", LEE), ("...", ROE), ("judge", ROE)])
    assert (found.group, found.method) == (LEE, "title")


def test_title_of_several_means_the_one_named_last() -> None:
    scene = scene_of("the mayor")
    assert speaker_of(scene, "the mayor", titles=[("mayor", LEE), ("mayor", ROE)]).group == ROE


def test_title_of_several_of_whom_none_was_named_yet_is_left_to_the_link() -> None:
    scene = make_scene(
        "It rained, the mayor said. Ann Lee and Tom Roe left.", pairs={"antecedent": [("the mayor", None, 9.0)]}
    )
    cast = scene.cast(scene.group("person", "Ann Lee"), scene.group("person", "Tom Roe"))
    found = find(scene, scene.attribution("It rained", "said", "the mayor"), cast, [("mayor", 0), ("mayor", 1)])
    assert (found.status, found.group) == ("anonymous", None)


@pytest.mark.parametrize(("before", "group"), [("Rain.\n\nIt fell.\n\n", None), ("", 0)])
def test_title_of_somebody_named_later_is_theirs_only_at_the_beginning(before: str, group: int | None) -> None:
    scene = make_scene(
        f"{before}It rained, the mayor said. Ann Lee left.", pairs={"antecedent": [("the mayor", None, 9.0)]}
    )
    cast = scene.cast(scene.group("person", "Ann Lee"))
    assert find(scene, scene.attribution("It rained", "said", "the mayor"), cast, [("mayor", 0)]).group == group


@pytest.mark.parametrize(("last", "group"), [(ACME, ACME), (LEE, None), (None, None)])
def test_neuter_pronoun_that_fits_no_body_means_the_one_that_spoke_last(last: int | None, group: int | None) -> None:
    scene = scene_of("it", {"antecedent": [("it", None, 30.0)]})
    assert speaker_of(scene, "it", before=last).group == group


def test_possessive_title_means_its_holder() -> None:
    found = speaker_of(scene_of("kesterly's mayor"), "kesterly's mayor", titles=[("mayor", LEE)])
    assert found.group == LEE


def test_title_with_the_article_alone_means_nobody() -> None:
    found = speaker_of(scene_of("the", {"antecedent": [("the", None, 9.0)]}), "the", titles=[("mayor", LEE)])
    assert found.group is None


@pytest.mark.parametrize(("source", "status"), [("a senior official", "anonymous"), ("two officials", "collective")])
def test_indefinite_description_is_nobody_named(source: str, status: str) -> None:
    found = speaker_of(scene_of(source), source)
    assert (found.status, found.group, found.method) == (status, None, "nominal")


def test_definite_description_means_whom_its_link_prefers() -> None:
    found = speaker_of(scene_of("the man", {"antecedent": [("the man", "Tom Roe", 12.0)]}), "the man")
    assert (found.group, found.method) == (ROE, "nominal")


def test_source_without_words_is_nobody_named() -> None:
    assert speaker_of(scene_of("1984", {"antecedent": [("1984", None, 9.0)]}), "1984").status == "anonymous"


def test_mention_without_words_of_the_story_has_the_first_piece() -> None:
    scene = make_scene("Ann Lee won. ** Tom")
    cast = scene.cast(scene.group("person", "Ann Lee"))
    assert cast.pieces == (0,)


def spoken(scene: Scene, cast: Cast, *attributions: Attribution) -> list[Speaker]:
    """Return the speakers of ``attributions``, each read after those before it."""
    reader = reader_of(scene, cast, *attributions)
    found = []
    for attribution in attributions:
        found.append(find_speaker(attribution, reader, gather_holders([])))
        remember(found[-1], reader)
    return found


def test_name_in_the_words_reported_is_not_their_speaker() -> None:
    scene = make_scene("Ann Lee met Tom Roe. He said Roe was ill.", pairs={"antecedent": [("He", "Roe#2", 12.0)]})
    cast = scene.cast(
        scene.group("person", "Ann Lee"), scene.group("person", "Tom Roe"), scene.group("person", "Roe#2")
    )
    assert find(scene, scene.attribution("Roe was ill", "said", "He"), cast).group == 0


def test_one_named_in_the_words_reported_is_not_their_speaker_by_any_other_name() -> None:
    scene = make_scene("Ann Lee met Tom Roe. Roe has left, she said.")
    cast = scene.cast(scene.group("person", "Ann Lee"), scene.group("person", "Tom Roe", "Roe#2"))
    assert find(scene, scene.attribution("Roe has left", "said", "she"), cast).group == 0


@pytest.mark.parametrize(("between", "group"), [("", 0), ("It poured.\n\n", 1)])
def test_pronoun_prefers_who_spoke_in_the_paragraph_before(between: str, group: int) -> None:
    scene = make_scene(f"Ann Lee said it rained.\n\n{between}Tom Roe waved. It snowed, she added.")
    cast = scene.cast(scene.group("person", "Ann Lee"), scene.group("person", "Tom Roe"))
    said = scene.attribution("it rained", "said", "Ann Lee"), scene.attribution("It snowed", "added", "she")
    assert [s.group for s in spoken(scene, cast, *said)] == [0, group]


def test_name_in_the_words_reported_speaks_when_there_is_no_other() -> None:
    scene = make_scene("He said Roe was ill.", pairs={"antecedent": [("He", "Roe", 1.0)]})
    cast = scene.cast(scene.group("person", "Roe"))
    assert find(scene, scene.attribution("Roe was ill", "said", "He"), cast).group == 0


def test_form_of_address_agrees_with_the_pronoun() -> None:
    scene = make_scene("Mr. Roe met Ms. Lee. It rained, she said.")
    cast = scene.cast(scene.group("person", "Roe"), scene.group("person", "Lee"))
    assert find(scene, scene.attribution("It rained", "said", "she"), cast).group == 1


def test_pronouns_of_one_story_agree_with_each_other() -> None:
    scene = make_scene("Ann Lee spoke, and she said it rained. Tom Roe left. It snowed, she said.")
    cast = scene.cast(scene.group("person", "Ann Lee"), scene.group("person", "Tom Roe"))
    attributions = scene.attribution("it rained", "said", "she"), scene.attribution("It snowed", "said", "she#2")
    assert [s.group for s in spoken(scene, cast, *attributions)] == [0, 0]


@pytest.mark.parametrize(("word", "status"), [("he", "anonymous"), ("they", "collective")])
def test_pronoun_goes_on_with_an_unnamed_source(word: str, status: str) -> None:
    source = "An aide" if word == "he" else "Some aides"
    scene = make_scene(f"{source} said it rained. It snowed, {word} added.")
    attributions = scene.attribution("it rained", "said", source), scene.attribution("It snowed", "added", word)
    first, second = spoken(scene, scene.cast(), *attributions)
    assert (first.status, second.status, second.described) == (status, status, scene.span(source))


@pytest.mark.parametrize(
    ("text", "source", "group"),
    [
        ("Ann Lee left. A spokesman for Ann Lee said it rained. It snowed, he added.", "A spokesman for Ann Lee", None),
        (
            "Ann Lee left. An aide in Ann Lee's office said it rained. It snowed, he added.",
            "An aide in Ann Lee's office",
            None,
        ),
        ("A man with Ann Lee said it rained, and Ann Lee left. It snowed, he added.", "A man with Ann Lee", 0),
    ],
)
def test_pronoun_goes_on_with_the_unnamed_source_rather_than_with_who_it_is_told_by(
    text: str, source: str, group: int | None
) -> None:
    scene = make_scene(text, pairs={"antecedent": [("he", "Ann Lee#2", 6.0)]})
    cast = scene.cast(scene.group("person", "Ann Lee", "Ann Lee#2"))
    first, second = spoken(
        scene, cast, scene.attribution("it rained", "said", source), scene.attribution("It snowed", "added", "he")
    )
    assert (first.status, second.group) == ("anonymous", group)


def test_one_without_a_name_is_one_person() -> None:
    scene = make_scene("“It rained,” one wrote.")
    assert find(scene, scene.attribution("“It rained,”", "wrote", "one"), scene.cast()).status == "anonymous"


def test_pronoun_in_the_same_sentence_as_the_unnamed_source_goes_on_with_it() -> None:
    scene = make_scene("An aide said it rained and he added it snowed.\n\nAnn Lee left.")
    attributions = scene.attribution("it rained", "said", "An aide"), scene.attribution("it snowed", "added", "he")
    assert spoken(scene, scene.cast(scene.group("person", "Ann Lee")), *attributions)[1].status == "anonymous"


@pytest.mark.parametrize(
    ("before", "group"),
    [("Ann Lee, ", 0), ("Ann Lee, 52, ", 0), ("Ann Lee, the city's mayor, ", 0), ("Ann Lee (D), ", 0)],
)
def test_relative_pronoun_goes_with_the_name_before_it(before: str, group: int) -> None:
    scene = make_scene(f"Tom Roe met {before}who said it rained.", pairs={"antecedent": [("who", "Tom Roe", 12.0)]})
    cast = scene.cast(scene.group("person", "Ann Lee"), scene.group("person", "Tom Roe"))
    assert find(scene, scene.attribution("it rained", "said", "who"), cast).group == group


def test_relative_pronoun_goes_with_the_unnamed_source_before_it() -> None:
    scene = make_scene("It rained, according to an aide, who added it snowed.")
    attributions = (
        scene.attribution("It rained", "according to", "an aide"),
        scene.attribution("it snowed", "added", "who"),
    )
    found = spoken(scene, scene.cast(), *attributions)
    assert [(s.status, s.described) for s in found] == [("anonymous", None), ("anonymous", scene.span("an aide"))]


@pytest.mark.parametrize("named", [True, False])
def test_neuter_pronoun_goes_on_with_the_document_that_spoke(*, named: bool) -> None:
    source = "An Acme report" if named else "A report"
    text = f"Ford won. {source} said it rained. It said it snowed."
    scene = make_scene(text, pairs={"antecedent": [(source, None, 12.0)]})
    cast = scene.cast(scene.group("organization", "Ford"), *([scene.group("organization", "Acme")] if named else []))
    attributions = scene.attribution("it rained", "said", source), scene.attribution("it snowed", "said#2", "It")
    assert [s.group for s in spoken(scene, cast, *attributions)] == ([1, 1] if named else [None, None])


@pytest.mark.parametrize(
    "source", ["Supporters of Ann Lee", "the four lawmakers, Ann Lee and Tom Roe", "he and Ann Lee", "Ann Lee and he"]
)
def test_crowd_around_a_name_is_several(source: str) -> None:
    people = [("person", n) for n in ("Ann Lee", "Tom Roe") if n in source]
    scene = make_scene(f"It rained, {source} said.")
    found = find(
        scene, scene.attribution("It rained", "said", source), scene.cast(*(scene.group(k, n) for k, n in people))
    )
    assert found.status == "collective"


@pytest.mark.parametrize(
    "source", ["Some in Ann Lee's crowd", "Some of the friends of Ann Lee", "Both Ann Lee and Tom Roe"]
)
def test_several_around_a_name_are_several(source: str) -> None:
    people = [("person", n) for n in ("Ann Lee", "Tom Roe") if n in source]
    scene = make_scene(f"It rained, {source} said.")
    found = find(
        scene, scene.attribution("It rained", "said", source), scene.cast(*(scene.group(k, n) for k, n in people))
    )
    assert found.status == "collective"


@pytest.mark.parametrize(
    ("source", "status"),
    [
        ("Ann Lee, head of the council, and Tom Roe, a baker,", "collective"),
        ("Ann Lee and her future aide, Tom Roe,", "collective"),
        ("Ann Lee, along with Tom Roe,", "collective"),
        ("Ann Lee, head of a union that left and endorsed Tom Roe", "resolved"),
    ],
)
def test_people_joined_across_what_describes_them_are_several(source: str, status: str) -> None:
    scene = make_scene(f"It rained, {source} said.")
    cast = scene.cast(scene.group("person", "Ann Lee"), scene.group("person", "Tom Roe"))
    assert find(scene, scene.attribution("It rained", "said", source), cast).status == status


def test_bodies_in_a_row_are_several() -> None:
    source = "Coe Steel, the Ford Works and Roe Mills"
    found = named(source, *(("organization", n) for n in ("Coe Steel", "Ford Works", "Roe Mills")))
    assert found.status == "collective"
    assert len({group for group, _ in found.joint}) == len(found.joint) == 3


def test_pronoun_of_one_person_never_means_a_document() -> None:
    scene = make_scene("Ann Lee won. A report said it rained. It snowed, he added.")
    attributions = scene.attribution("it rained", "said", "A report"), scene.attribution("It snowed", "added", "he")
    found = spoken(scene, scene.cast(scene.group("person", "Ann Lee")), *attributions)
    assert [s.group for s in found] == [None, 0]


def test_body_joined_to_a_person_makes_them_several() -> None:
    source = "the mayor, Beth Poe, and the Ford Police"
    assert named(source, ("person", "Beth Poe"), ("organization", "Ford Police")).status == "collective"


def test_comma_inside_a_name_does_not_part_the_phrase() -> None:
    name = "Ministry of Harbors, Fish and Tides"
    assert named(f"the {name}", ("organization", name)).group == 6


def test_title_that_the_reported_words_name_is_not_their_speaker() -> None:
    scene = make_scene("Ann Lee met Tom Roe. The mayor said Roe was ill.")
    cast = scene.cast(scene.group("person", "Ann Lee"), scene.group("person", "Tom Roe", "Roe#2"))
    found = find(scene, scene.attribution("Roe was ill", "said", "The mayor"), cast, [("mayor", 0), ("mayor", 1)])
    assert (found.group, found.method) == (0, "title")


def test_relative_pronoun_far_from_every_name_means_whom_its_link_prefers() -> None:
    scene = make_scene(
        "Ann Lee met Tom Roe and left her friend, who said it rained.", pairs={"antecedent": [("who", "Ann", 12.0)]}
    )
    cast = scene.cast(scene.group("person", "Ann Lee"), scene.group("person", "Tom Roe"))
    assert find(scene, scene.attribution("it rained", "said", "who"), cast).group == 0


def test_title_of_several_means_the_one_who_spoke_last() -> None:
    titles = [("mayor", LEE), ("mayor", ROE)]
    assert speaker_of(scene_of("the mayor"), "the mayor", titles=titles, before=LEE).group == LEE


def test_title_with_other_words_is_no_holders() -> None:
    scene = scene_of("the health minister", {"antecedent": [("the health", None, 12.0)]})
    titles = [("foreign minister", LEE), ("minister of trade", ROE)]
    assert speaker_of(scene, "the health minister", titles=titles).group is None


def test_title_that_shares_more_words_wins() -> None:
    titles = [("minister", LEE), ("foreign minister", ROE), ("minister", ACME)]
    assert speaker_of(scene_of("the foreign minister"), "the foreign minister", titles=titles).group == ROE


def test_noun_in_the_names_of_two_bodies_means_the_one_that_spoke_last() -> None:
    scene = make_scene("The Harbor Board met the Fish Board. It rained, the board said.")
    cast = scene.cast(scene.group("organization", "Harbor Board"), scene.group("organization", "Fish Board"))
    said = scene.attribution("It rained", "said", "the board")
    assert [find(scene, said, cast, before=b).group for b in (None, 0)] == [1, 0]


def test_body_called_with_more_of_its_words_wins() -> None:
    scene = make_scene("The Harbor Board met the Fish Board. It rained, the harbor board said.")
    cast = scene.cast(scene.group("organization", "Harbor Board"), scene.group("organization", "Fish Board"))
    assert find(scene, scene.attribution("It rained", "said", "the harbor board"), cast).group == 0


@pytest.mark.parametrize(("bodies", "group"), [([(0, 2)], 0), ([(0, 2), (1, 2)], None), ([(0, 3)], None), ([], None)])
def test_chief_of_a_body_is_the_one_person_whose_title_leads_it(
    bodies: list[tuple[int, int]], group: int | None
) -> None:
    source = "Acme Steel chief"
    scene = scene_of(source, {"antecedent": [(source, None, 12.0)]}, CAST.replace("Acme Steel,", "it,"))
    cast = scene.cast(
        scene.group("person", "Ann Lee"), scene.group("person", "Tom Roe"), scene.group("organization", "Acme Steel")
    )
    said = scene.attribution("It rained", "said", source)
    holders = gather_holders([("president", 0), ("director", 1)], bodies)
    found = find_speaker(said, reader_of(scene, cast, said), holders)
    assert (found.group, found.method) == (group, "nominal" if group is None else "title")


@pytest.mark.parametrize(
    ("source", "bodies", "group"),
    [
        ("the Acme Steel director", [(0, 2), (1, 3)], 0),
        ("the Kesterly Works director", [(0, 2), (1, 3)], 1),
        ("the Acme Steel director", [(1, 3)], 0),
        ("the Russia director", [(0, 2), (1, 2)], 1),
        ("the director, who left Kesterly Works,", [(0, 2)], 1),
        ("the Acme Steel director", [(0, 3), (1, 3)], None),
    ],
)
def test_title_at_a_named_body_is_of_somebody_who_is_there(
    source: str, bodies: list[tuple[int, int]], group: int | None
) -> None:
    text = "Ann Lee met Tom Roe. It rained, "
    scene = scene_of(source, {"antecedent": [(source, None, 12.0)]}, text)
    named = {"Acme Steel": "organization", "Kesterly Works": "organization", "Russia": "place"}
    groups = [scene.group(kind, body) for body, kind in named.items() if body in source]
    cast = scene.cast(scene.group("person", "Ann Lee"), scene.group("person", "Tom Roe"), *groups)
    number = {body: n for n, body in enumerate([b for b in named if b in source], start=2)}
    there = {2: number.get("Acme Steel", 9), 3: number.get("Kesterly Works", 8)}
    said = scene.attribution("It rained", "said", source)
    holders = gather_holders([("director", 0), ("director", 1)], [(g, there[b]) for g, b in bodies])
    assert find_speaker(said, reader_of(scene, cast, said), holders).group == group


def test_acronym_in_capitals_is_no_pronoun() -> None:
    scene = scene_of("WHO", {"antecedent": [("WHO", None, 12.0)]})
    assert speaker_of(scene, "WHO").method == "nominal"
