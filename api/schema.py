"""What the API is, as OpenAPI: `python -m api.schema` prints it without opening a home or a database.

Besides the routes it describes what the event stream carries, so that a client's types come from here too.
"""

import json
import sys

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel, ConfigDict, Field
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode, models_json_schema
from pydantic_core.core_schema import DataclassField, ModelField, TypedDictField

from api.stream import DroppedText
from assistant.events import Delta, Dropped, Failed, Finished, Started, Step, TurnEvent
from assistant.reply import Reply
from assistant.screen import ScreenContext


class StreamEvents(BaseModel):
    """The custom events of `POST /api/v1/agui`: the name of each, and what its `value` is."""

    model_config = ConfigDict(populate_by_name=True)

    started: Started = Field(alias="robo.started")
    step: Step = Field(alias="robo.step")
    dropped: DroppedText = Field(alias="robo.dropped")
    reply: Reply = Field(alias="robo.reply")


class TurnEvents(BaseModel):
    """Every event of a turn, before it becomes one of the protocol's."""

    event: TurnEvent


_SENT = (StreamEvents, TurnEvents, Started, Step, Delta, Dropped, Finished, Failed, Reply, DroppedText)
_REFERENCE = "#/components/schemas/{model}"


class _WithEveryField(GenerateJsonSchema):
    """What is sent has all its fields, also those that have a default."""

    def field_is_required(self, field: ModelField | DataclassField | TypedDictField, total: bool) -> bool:
        """Every field of what is sent is there."""
        return self.mode == "serialization" or super().field_is_required(field, total)


def _streamed() -> dict[str, object]:
    """Schemas of what the stream carries and of the screen it is asked with, by name."""
    wanted: list[tuple[type[BaseModel], JsonSchemaMode]] = [(model, "serialization") for model in _SENT]
    _, made = models_json_schema(
        [*wanted, (ScreenContext, "validation")], ref_template=_REFERENCE, schema_generator=_WithEveryField
    )
    schemas: dict[str, object] = made["$defs"]
    return schemas


def describe(app: FastAPI) -> None:
    """Let `app` describe its routes and the stream's events together."""

    def description() -> dict[str, object]:
        if app.openapi_schema is None:
            schema = get_openapi(title=app.title, version=app.version, routes=app.routes)
            schema["components"]["schemas"] = {**schema["components"]["schemas"], **_streamed()}
            app.openapi_schema = schema
        return app.openapi_schema

    app.openapi = description  # type: ignore[method-assign]


def main() -> None:
    """Print the description."""
    from api.app import routed

    json.dump(routed().openapi(), sys.stdout, indent=1, ensure_ascii=False)


if __name__ == "__main__":
    main()
