"""The contract as a document: OpenAPI with our bodies, problems and identity, and a page that needs no internet."""

from importlib import import_module
from importlib.resources import files
from typing import Any

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

PREFIX = "/api/v1"
_BODY = "x-body"
_QUERY = "x-query"
_ASSETS = {
    "swagger-ui-bundle.js": "text/javascript",
    "swagger-ui.css": "text/css",
    "favicon-32x32.png": "image/png",
}
_CONTENT_POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
_PAGE = f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Bihuan API</title>
<link rel="stylesheet" href="{PREFIX}/docs/swagger-ui.css">
<link rel="icon" href="{PREFIX}/docs/favicon-32x32.png">
<script src="{PREFIX}/docs/swagger-ui-bundle.js" defer></script>
<script src="{PREFIX}/docs/begin.js" defer></script>
</head>
<body><main id="docs"></main></body>
</html>
"""
_BEGIN = (
    f'SwaggerUIBundle({{url: "{PREFIX}/openapi.json", dom_id: "#docs", deepLinking: true, docExpansion: "none"}});\n'
)
_PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "detail", "instance", "code"],
    "properties": {
        **{name: {"type": "string"} for name in ("type", "title", "detail", "instance", "code")},
        "status": {"type": "integer"},
        "errors": {
            "type": "array",
            "items": {"type": "object", "properties": {n: {"type": "string"} for n in ("field", "code", "message")}},
        },
    },
}
_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "The same key with the same body gives the same answer.",
    "schema": {"type": "string", "maxLength": 200},
}
_VERSION = {
    "name": "If-Match",
    "in": "header",
    "description": "The version that the caller saw; another one is refused as stale_version.",
    "schema": {"type": "string"},
}


def described(
    *,
    body: type[BaseModel] | None = None,
    query: type[BaseModel] | None = None,
    key: bool = False,
    version: bool = False,
    public: bool = False,
) -> dict[str, Any]:
    """What the document says of an operation that reads its request by itself."""
    extra: dict[str, Any] = {_BODY: _named(body), _QUERY: _named(query)}
    parameters = [*([_KEY] if key else []), *([_VERSION] if version else [])]
    if parameters:
        extra["parameters"] = parameters
    if public:
        extra["security"] = []
    return extra


def _named(model: type[BaseModel] | None) -> str | None:
    """Where a contract lives: what the framework carries along has to be JSON."""
    return f"{model.__module__}.{model.__qualname__}" if model else None


def _model(name: str) -> type[BaseModel]:
    module, _, own = name.rpartition(".")
    model: type[BaseModel] = getattr(import_module(module), own)
    return model


def document(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document, made once."""
    made: dict[str, Any] = get_openapi(title=app.title, version=app.version, routes=app.routes)
    operations = [
        operation for path in made["paths"].values() for operation in path.values() if isinstance(operation, dict)
    ]
    names = {name for operation in operations for name in (operation.get(_BODY), operation.get(_QUERY)) if name}
    by_name = [_model(name) for name in sorted(names)]
    _, schemas = models_json_schema(
        [(model, "validation") for model in by_name], ref_template="#/components/schemas/{model}"
    )
    components = made.setdefault("components", {})
    components["schemas"] = {"Problem": _PROBLEM, **schemas.get("$defs", {})}
    components["securitySchemes"] = {"bearer": {"type": "http", "scheme": "bearer"}}
    made["security"] = [{"bearer": []}]
    for operation in operations:
        _complete(operation, components["schemas"])
    return made


def _complete(operation: dict[str, Any], schemas: dict[str, Any]) -> None:
    body, query = operation.pop(_BODY, None), operation.pop(_QUERY, None)
    if body is not None:
        reference = {"$ref": f"#/components/schemas/{body.rpartition('.')[2]}"}
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": reference}}}
    if query is not None:
        shown = schemas[query.rpartition(".")[2]]
        operation.setdefault("parameters", []).extend(
            {"name": name, "in": "query", "required": name in shown.get("required", ()), "schema": schema}
            for name, schema in shown["properties"].items()
        )
    answers = operation.setdefault("responses", {})
    answers.pop("422", None)
    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    answers["default"] = {"description": "A problem, with a stable code", "content": problem}


def docs_router() -> APIRouter:
    """The page and its files, from a wheel of the environment."""
    router = APIRouter(include_in_schema=False)

    @router.get(f"{PREFIX}/openapi.json")
    async def openapi(request: Request) -> dict[str, Any]:
        made: dict[str, Any] = request.app.openapi()
        return made

    @router.get(f"{PREFIX}/docs")
    async def page() -> Response:
        return Response(_PAGE, media_type="text/html", headers={"content-security-policy": _CONTENT_POLICY})

    @router.get(f"{PREFIX}/docs/begin.js")
    async def begin() -> Response:
        return Response(_BEGIN, media_type="text/javascript", headers={"cache-control": "public, max-age=86400"})

    @router.get(f"{PREFIX}/docs/{{asset}}")
    def asset(asset: str) -> Response:
        if asset not in _ASSETS:
            return Response(status_code=404)
        content = files("fastapi_swagger.resources").joinpath(asset).read_bytes()
        return Response(content, media_type=_ASSETS[asset], headers={"cache-control": "public, max-age=86400"})

    return router
