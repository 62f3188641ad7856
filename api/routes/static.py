"""Built web files, which browsers may keep: their addresses change when they do."""

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, Response

from api.assets import built, mark_of, media_type
from api.console import TEMPLATE_FOLDER

router = APIRouter(include_in_schema=False)
_ICON = TEMPLATE_FOLDER / "robo.svg"


@router.get("/static/{name}")
def asset(request: Request, name: str, v: str | None = None) -> Response:
    """A built file; kept for good under the address that carries its own digest."""
    if name == _ICON.name:
        return FileResponse(_ICON, media_type="image/svg+xml", headers={"Cache-Control": "public, max-age=86400"})
    path = built(name)
    mark = mark_of(path)
    keeping = "public, max-age=31536000, immutable" if v == mark else "no-cache"
    headers = {"Cache-Control": keeping, "ETag": f'"{mark}"'}
    if request.headers.get("if-none-match") == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    return FileResponse(path, media_type=media_type(name), headers=headers)
