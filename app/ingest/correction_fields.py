"""A correction as a client sends it in JSON, checked field by field."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from app.domain.annotation import ActorStatus, Change, EntityType, Polarity, QuoteType, Tense
from app.ingest.faults import Fault, FieldsError
from app.ingest.fields import Label, Line, faults_of
from app.review.correction import Action, Kind

LARGEST_OFFSET = 2**31 - 1
MOST_SPANS = 50
_Words = Annotated[str, StringConstraints(min_length=1, max_length=100_000)]
_Context = Annotated[str, StringConstraints(max_length=1_000)]
_Offset = Annotated[int, Field(ge=0, le=LARGEST_OFFSET)]
_Name = Annotated[Line, StringConstraints(max_length=200)]
_Key = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")]
_Note = Annotated[str, StringConstraints(max_length=2_000, pattern=r"^[^\x00]*$")]


class _Fields(BaseModel):
    """Base of everything that a correction is made of: what is not known here is refused."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class SpanFields(_Fields):
    """Words of the story: by their offsets, or by the words themselves where these stand once."""

    start: Annotated[_Offset | None, Field(description="In code points; with `end`.")] = None
    end: Annotated[_Offset | None, Field(description="Exclusive.")] = None
    exact: Annotated[_Words | None, Field(description="The words; with offsets, they must be what stands there.")] = (
        None
    )
    prefix: Annotated[_Context | None, Field(description="What stands just before, to tell places apart.")] = None
    suffix: Annotated[_Context | None, Field(description="What stands just after.")] = None
    field: Annotated[
        Literal["title", "body"] | None, Field(description="As served; where the words are follows from the offsets.")
    ] = None


class ActorFields(_Fields):
    """Who: somebody known, by id; somebody by name; or nobody known, by status."""

    status: Annotated[
        ActorStatus | None, Field(description="`resolved` by default when there is an id or a name, else `unresolved`.")
    ] = None
    entity_id: Annotated[_Key | None, Field(description="The id of a person, organization, place or group.")] = None
    name: Annotated[_Name | None, Field(description="The name; of an unnamed one, the words that describe it.")] = None
    type: Annotated[EntityType | None, Field(description="`person` by default.")] = None
    mention: Annotated[
        SpanFields | None,
        Field(description="The words that mean this actor. Left out: those of before, unless they name somebody else."),
    ] = None


class Remarks(_Fields):
    """What goes with every correction."""

    note: Annotated[_Note | None, Field(description="Why.")] = None
    author: Annotated[Label | None, Field(description="Who says so, where no key tells.")] = None


def _given(value: ActorFields | None) -> ActorFields:
    if value is None:
        msg = 'must not be null: an unknown one is {"status": "unresolved"}'
        raise ValueError(msg)
    return value


Spans = Annotated[list[SpanFields], Field(min_length=1, max_length=MOST_SPANS)]
Who = Annotated[ActorFields | None, AfterValidator(_given)]


class QuoteFields(_Fields):
    """The fields of a quote that a person may set."""

    contents: Annotated[Spans | None, Field(description="The words that are quoted.")] = None
    cue: Annotated[SpanFields | None, Field(description="The words that report.")] = None
    speaker: Annotated[Who, Field(description="Who speaks.")] = None
    type: Annotated[QuoteType | None, Field(description="How the words are reported.")] = None


class OfficeFields(_Fields):
    """The fields of an office that a person may set."""

    person: Annotated[Who, Field(description="Who holds it.")] = None
    title: Annotated[_Name | None, Field(description="The title in the story's words.")] = None
    organization: Annotated[ActorFields | None, Field(description="Where.")] = None
    tense: Annotated[Tense | None, Field(description="Whether it is held now.")] = None
    evidence: Annotated[Spans | None, Field(description="The words that show it.")] = None


class StanceFields(_Fields):
    """The fields of a stance that a person may set."""

    holder: Annotated[Who, Field(description="Whose it is.")] = None
    polarity: Annotated[Polarity | None, Field(description="Which side it takes.")] = None
    issue: Annotated[Label | None, Field(description="A short label of what it is about.")] = None
    target: Annotated[SpanFields | None, Field(description="The words for what it is about.")] = None
    evidence: Annotated[Spans | None, Field(description="The words that show it.")] = None
    reporter: Annotated[ActorFields | None, Field(description="Who reports it, when that is not the holder.")] = None
    change: Annotated[Change | None, Field(description="Whether the story tells of it as new.")] = None
    conditional: Annotated[bool | None, Field(description="Whether it is taken under a condition only.")] = None


class QuoteChange(QuoteFields, Remarks):
    """What a person changes in a quote."""


class OfficeChange(OfficeFields, Remarks):
    """What a person changes in an office."""


class StanceChange(StanceFields, Remarks):
    """What a person changes in a stance."""


_ADDS: dict[str, Any] = {"properties": {"action": {"const": "add"}, "kind": {"type": "string"}}, "required": ["kind"]}
_TELLS: dict[str, Any] = {
    "properties": {"action": {"enum": ["change", "confirm", "reject"]}, "annotation_id": {"type": "string"}},
    "required": ["annotation_id"],
}


class CorrectionFields(Remarks):
    """A correction of any kind."""

    model_config = ConfigDict(json_schema_extra={"anyOf": [_ADDS, _TELLS]})

    action: Annotated[Action, Field(description="Change, confirm or reject an annotation, or add a missed one.")]
    annotation_id: Annotated[_Key | None, Field(description="Of the annotation that is there.")] = None
    kind: Annotated[Kind | None, Field(description="What is added.")] = None
    value: Annotated[
        dict[str, object] | None,
        Field(description="The fields to set, or those of what is added, by its kind."),
    ] = None


class StoryCorrectionFields(CorrectionFields):
    """A correction of any kind that names its story."""

    model_config = ConfigDict(
        json_schema_extra={
            "anyOf": [
                {
                    "properties": {**_ADDS["properties"], "article_id": {"type": "string"}},
                    "required": ["kind", "article_id"],
                },
                _TELLS,
            ]
        }
    )

    article_id: Annotated[_Key | None, Field(description="The story; needed when something is added.")] = None


AnyFields = QuoteFields | OfficeFields | StanceFields
FIELDS: Mapping[Kind, type[AnyFields]] = {"quote": QuoteFields, "office": OfficeFields, "stance": StanceFields}
CHANGES: Mapping[Kind, type[QuoteChange | OfficeChange | StanceChange]] = {
    "quote": QuoteChange,
    "office": OfficeChange,
    "stance": StanceChange,
}
F = TypeVar("F", bound=_Fields)


def read_as(model: type[F], value: Mapping[str, object], within: str = "") -> F:
    """Return the fields of ``model`` from a JSON object; ``within`` is where in the body it stands.

    Raises: FieldsError naming every field at fault.
    """
    try:
        return model.model_validate(value)
    except ValidationError as error:
        faults = faults_of(error.errors(include_url=False, include_input=False))
        raise FieldsError(Fault(f"{within}{fault.field}", fault.reason) for fault in faults) from error
