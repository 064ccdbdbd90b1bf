"""Findings assembled into an analysis."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.annotate.entities import Group
from app.annotate.offices import Post
from app.annotate.quotes import Passage
from app.annotate.speakers import Speaker
from app.annotate.takings import Taking
from app.domain.analysis import Analysis, Pipeline, check
from app.domain.annotation import ActorStatus, Entity
from app.pipeline.assembly import Findings, aliases, assemble, display_name
from tests.unit.annotate.readings import LIKELY, Scene, make_scene

TEXT = "“The ban is good,” mayor Ann Lee of Acme said. She and the council back it. Lee left."
RUN = Pipeline("1", "none")


def scene_of(text: str = TEXT) -> Scene:
    return make_scene(text)


def findings_of(scene: Scene) -> Findings:
    """Return a quote, an office and a stance of Ann Lee."""
    return Findings(
        groups=(scene.group("person", "Ann Lee", "Lee#2"), scene.group("organization", "Acme")),
        passages=(
            Passage((scene.span("“The ban is good,”"),), scene.span("said"), scene.speaker(0, "Ann Lee"), LIKELY),
        ),
        posts=(
            Post(
                group=0,
                name=scene.span("Ann Lee"),
                title=scene.span("mayor"),
                organization=1,
                organization_span=scene.span("Acme"),
                tense="current",
                evidence=scene.span("mayor Ann Lee of Acme"),
                score=2.0,
            ),
        ),
        takings=(
            Taking(
                polarity="supports",
                target=scene.span("The ban"),
                evidence=scene.span("“The ban is good,”"),
                group=0,
                mention=scene.span("Ann Lee"),
                source=None,
                passage=0,
                change=None,
                conditional=False,
                score=0.5,
            ),
        ),
        quotations=scene.pieces.quotations,
        words=scene.words,
    )


def assembled(scene: Scene, findings: Findings) -> Analysis:
    return check(assemble(scene.document, findings, RUN), scene.document)


def mentions(scene: Scene, entity: Entity) -> list[tuple[str, str]]:
    return [(m.span.of(scene.text), m.kind) for m in entity.mentions]


def with_speaker(scene: Scene, status: ActorStatus, mention: str, method: str = "nominal") -> Findings:
    findings = findings_of(scene)
    group = 0 if status == "resolved" else None
    speaker = Speaker(status, group, scene.span(mention), method, 0.5)
    return replace(findings, passages=(replace(findings.passages[0], speaker=speaker),))


def test_analysis_holds_every_finding() -> None:
    scene = scene_of()
    found = assembled(scene, findings_of(scene))
    assert found.pipeline == RUN
    assert [e.name for e in found.entities] == ["Ann Lee", "Acme"]
    assert [q.type for q in found.quotes] == ["direct"]
    assert [o.title for o in found.offices] == ["mayor"]
    assert [s.issue for s in found.stances] == ["ban"]


def test_document_with_nothing_in_it_has_an_empty_analysis() -> None:
    scene = scene_of("It rained.")
    empty = Findings((), (), (), (), (), scene.words)
    assert assembled(scene, empty) == Analysis(RUN)


def test_entity_has_its_names_and_its_weight() -> None:
    scene = scene_of()
    person, body = assembled(scene, findings_of(scene)).entities
    assert person.aliases == ("Lee",)
    assert mentions(scene, person) == [("Ann Lee", "name"), ("Lee", "name")]
    assert person.prominence is not None
    assert body.prominence is not None
    assert person.prominence + body.prominence == pytest.approx(1.0)


def test_name_wider_than_its_marks_is_mentioned_by_them() -> None:
    scene = scene_of()
    findings = findings_of(scene)
    wide = replace(scene.name("mayor Ann Lee"), marks=(scene.span("Ann Lee"),))
    group = Group("person", [wide], {"Ann Lee": 1})
    assert mentions(scene, assembled(scene, replace(findings, groups=(group, findings.groups[1]))).entities[0]) == [
        ("Ann Lee", "name")
    ]


def test_name_without_marks_is_a_description() -> None:
    scene = scene_of()
    findings = findings_of(scene)
    group = Group("organization", [replace(scene.name("the council", "organization"), marks=())], {"the council": 1})
    found = assembled(scene, replace(findings, groups=(findings.groups[0], findings.groups[1], group)))
    assert mentions(scene, found.entities[2]) == [("the council", "nominal")]
    assert found.entities[2].name == "council"


@pytest.mark.parametrize(("words", "kind"), [("She", "pronoun"), ("the council", "nominal")])
def test_source_that_means_a_person_is_a_mention(words: str, kind: str) -> None:
    scene = scene_of()
    found = assembled(scene, with_speaker(scene, "resolved", words))
    assert (words, kind) in mentions(scene, found.entities[0])


def test_source_that_holds_a_name_is_no_second_mention() -> None:
    scene = scene_of()
    found = assembled(scene, with_speaker(scene, "resolved", "mayor Ann Lee"))
    assert mentions(scene, found.entities[0]) == [("Ann Lee", "name"), ("Lee", "name")]


def test_entities_stand_in_the_order_of_their_first_mention() -> None:
    scene = scene_of("She met Acme and Ann Lee.")
    findings = Findings(
        groups=(scene.group("organization", "Acme"), scene.group("person", "Ann Lee")),
        passages=(Passage((scene.span("met"),), None, Speaker("resolved", 1, scene.span("She"), "pronoun", 0.5), 0.5),),
        posts=(),
        takings=(),
        quotations=(),
        words=scene.words,
    )
    assert [e.name for e in assembled(scene, findings).entities] == ["Ann Lee", "Acme"]


def test_speaker_has_the_office_that_the_story_gives() -> None:
    scene = scene_of()
    speaker = assembled(scene, findings_of(scene)).quotes[0].speaker
    assert (speaker.status, speaker.name, speaker.office) == ("resolved", "Ann Lee", "mayor")


def test_office_of_the_past_is_nobodys_title() -> None:
    scene = scene_of()
    findings = findings_of(scene)
    former = replace(findings, posts=(replace(findings.posts[0], tense="former"),))
    assert assembled(scene, former).quotes[0].speaker.office is None


@pytest.mark.parametrize(
    ("status", "kind", "name"),
    [("anonymous", "person", "the council"), ("collective", "group", "the council"), ("unresolved", None, None)],
)
def test_speaker_that_the_story_does_not_name(status: ActorStatus, kind: str | None, name: str | None) -> None:
    scene = scene_of()
    speaker = assembled(scene, with_speaker(scene, status, "the council")).quotes[0].speaker
    assert (speaker.status, speaker.type, speaker.name) == (status, kind, name)


@pytest.mark.parametrize(("groups", "name"), [((0, 1), "Ann Lee and Acme"), ((0,), "Ann Lee")])
def test_several_who_speak_together_are_called_by_their_names(groups: tuple[int, ...], name: str) -> None:
    scene = scene_of()
    findings = findings_of(scene)
    spans = (scene.span("Lee"), scene.span("Acme"))
    both = Speaker(
        "collective", None, scene.span("Lee of Acme"), "name", 0.8, joint=tuple((g, spans[g]) for g in groups)
    )
    passage = replace(findings.passages[0], speaker=both)
    assert assembled(scene, replace(findings, passages=(passage,))).quotes[0].speaker.name == name


def test_speaker_that_the_story_does_not_mention() -> None:
    scene = scene_of()
    findings = findings_of(scene)
    nobody = replace(findings.passages[0], speaker=Speaker("unresolved", None, None, "none", 0.5))
    assert assembled(scene, replace(findings, passages=(nobody,))).quotes[0].speaker.mention is None


@pytest.mark.parametrize(("method", "served"), [("", "name"), ("continued", "continued")])
def test_quote_says_how_its_speaker_was_found(method: str, served: str) -> None:
    scene = scene_of()
    findings = findings_of(scene)
    found = assembled(scene, replace(findings, passages=(replace(findings.passages[0], method=method),)))
    assert found.quotes[0].method == served


def test_office_has_its_body_where_the_story_gives_one() -> None:
    scene = scene_of()
    findings = findings_of(scene)
    alone = replace(findings.posts[0], organization=None, organization_span=None)
    with_body, without = (
        assembled(scene, replace(findings, posts=(p,))).offices[0].organization for p in (findings.posts[0], alone)
    )
    assert without is None
    assert with_body is not None
    assert (with_body.name, with_body.mention) == ("Acme", scene.span("Acme"))


def test_offices_stand_in_the_order_of_their_evidence() -> None:
    scene = scene_of("Ann Lee, the mayor and judge Tom Roe")
    found = Findings(
        groups=(scene.group("person", "Ann Lee"), scene.group("person", "Tom Roe")),
        passages=(),
        posts=tuple(
            Post(g, scene.span(n), scene.span(t), None, None, "current", scene.span(e), 0.5)
            for g, n, t, e in (
                (1, "Tom Roe", "judge", "judge Tom Roe"),
                (0, "Ann Lee", "mayor", "Ann Lee, the mayor"),
            )
        ),
        takings=(),
        quotations=(),
        words=scene.words,
    )
    assert [o.title for o in assembled(scene, found).offices] == ["mayor", "judge"]


def test_stance_names_the_quote_that_carries_it() -> None:
    scene = scene_of()
    found = assembled(scene, findings_of(scene))
    assert found.stances[0].quote_id == found.quotes[0].id
    assert found.stances[0].reporter is None


def test_stance_in_what_another_says_has_a_reporter() -> None:
    scene = scene_of()
    findings = findings_of(scene)
    taking = replace(findings.takings[0], group=1, mention=scene.span("Acme"), passage=None)
    stance = assembled(scene, replace(findings, takings=(taking,))).stances[0]
    assert stance.reporter is not None
    assert (stance.holder.name, stance.reporter.name) == ("Acme", "Ann Lee")


def test_stance_in_what_nobody_known_says_has_no_reporter() -> None:
    scene = scene_of()
    findings = with_speaker(scene, "unresolved", "She")
    stance = assembled(scene, replace(findings, takings=(replace(findings.takings[0], passage=None),))).stances[0]
    assert stance.quote_id is not None
    assert stance.reporter is None


def test_stance_outside_every_quote_has_neither_quote_nor_reporter() -> None:
    scene = scene_of()
    findings = findings_of(scene)
    taking = replace(findings.takings[0], target=scene.span("it"), passage=None)
    stance = assembled(scene, replace(findings, takings=(taking,))).stances[0]
    assert (stance.quote_id, stance.reporter) == (None, None)


@pytest.mark.parametrize(("status", "count"), [("anonymous", 1), ("collective", 1), ("unresolved", 0)])
def test_stance_of_an_unnamed_source_is_kept_where_the_story_describes_it(status: ActorStatus, count: int) -> None:
    scene = scene_of()
    findings = findings_of(scene)
    source = Speaker(status, None, scene.span("the council"), "nominal", 0.5)
    taking = replace(findings.takings[0], group=None, source=source)
    assert len(assembled(scene, replace(findings, takings=(taking,))).stances) == count


def test_stances_stand_in_the_order_of_their_evidence() -> None:
    scene = scene_of()
    findings = findings_of(scene)
    later = replace(findings.takings[0], target=scene.span("it"), evidence=scene.span("Lee left."))
    found = assembled(scene, replace(findings, takings=(later, findings.takings[0])))
    assert [s.issue for s in found.stances] == ["ban", "it"]


def test_confidence_is_the_score_where_nothing_was_measured() -> None:
    scene = scene_of()
    assert findings_of(scene).confidence("stance", 0.12345) == 0.1235
    assert findings_of(scene).confidence("stance", 4.0) == 1.0


def test_confidence_of_a_quote_comes_from_its_signs() -> None:
    scene = scene_of()
    findings = findings_of(scene)
    (plain,) = assembled(scene, findings).quotes
    assert plain.confidence == pytest.approx(LIKELY * LIKELY)
    (weighed,) = assembled(scene, replace(findings, quote_weights={"direct": 2.0})).quotes
    assert weighed.confidence == pytest.approx(0.8808, abs=1e-4)


def test_confidence_of_labelled_speech_is_how_sure_label_and_speaker_are() -> None:
    scene = scene_of()
    findings = replace(findings_of(scene), quote_weights={"direct": 2.0})
    labelled = replace(findings.passages[0], score=0.95, method="label")
    labelled = replace(labelled, speaker=replace(labelled.speaker, score=0.8))
    (quote,) = assembled(scene, replace(findings, passages=(labelled,))).quotes
    assert quote.confidence == pytest.approx(0.76)


def test_quote_that_is_too_unsure_is_left_out_and_a_stance_in_it_stands_alone() -> None:
    scene = scene_of()
    kept = assembled(scene, replace(findings_of(scene), least_sure=0.5))
    assert kept.stances[0].quote_id == kept.quotes[0].id
    left = assembled(scene, replace(with_speaker(scene, "resolved", "She", "pronoun"), least_sure=0.99))
    assert (left.quotes, left.stances[0].quote_id, left.stances[0].reporter) == ((), None, None)
    assert "She" not in [m.span.of(scene.text) for e in left.entities for m in e.mentions]


def test_confidence_is_read_off_what_was_measured() -> None:
    scene = scene_of()
    measured = replace(findings_of(scene), calibration={"stance": [[0.2, 0.1], [0.8, 0.4]]})
    assert [measured.confidence("stance", x) for x in (0.0, 0.5, 1.0)] == [0.1, 0.25, 0.4]


@pytest.mark.parametrize(("surface", "name"), [("the Acme Club", "Acme Club"), ("The", "The"), ("the ...", "the ...")])
def test_entity_is_shown_without_its_article(surface: str, name: str) -> None:
    assert display_name(Group("organization", surfaces={surface: 1})) == name


def test_aliases_stand_by_how_often_they_come() -> None:
    assert aliases(Group("person", surfaces={"Lee": 1, "Ann Lee": 3, "Ann": 1})) == ("Ann Lee", "Ann", "Lee")


def test_person_is_of_the_country_of_the_office() -> None:
    scene = scene_of("Russian minister Ann Lee spoke. Ann Lee left.")
    groups = (scene.group("person", "Ann Lee"), scene.group("place", "Russian"))
    post = Post(
        0,
        scene.span("Ann Lee"),
        scene.span("minister"),
        1,
        scene.span("Russian"),
        "current",
        scene.span("Russian"),
        1.0,
    )
    found = assembled(scene, Findings(groups, (), (post,), (), (), scene.words))
    (office,) = found.offices
    assert office.person.country == "Russia"
    assert office.organization is not None
    assert office.organization.country == "Russia"
    former = assembled(scene, Findings(groups, (), (replace(post, tense="former"),), (), (), scene.words))
    assert former.offices[0].person.country is None


def test_a_person_is_mentioned_in_the_name_of_a_body() -> None:
    scene = scene_of()
    findings = findings_of(scene)
    person = scene.group("person", "Ann Lee")
    person.within.append(replace(scene.group("person", "Lee#2").names[0], marks=(scene.span("Lee#2"),)))
    found = assembled(scene, replace(findings, groups=(person, findings.groups[1])))
    assert mentions(scene, found.of_type("person")[0]) == [("Ann Lee", "name"), ("Lee", "name")]
