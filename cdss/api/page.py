"""``/app``: the sidebar page. Everything comes from this host, and the browser is told to load nothing else."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from fastapi import FastAPI
from fastapi.responses import RedirectResponse
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; require-trusted-types-for 'script'"
)


class _Page(StaticFiles):
    """Files with the headers that keep a browser from running or loading anything else."""

    def __init__(self, directory: Path, frame_ancestors: tuple[str, ...]) -> None:
        super().__init__(directory=directory, html=True)
        self._policy = f"{POLICY}; frame-ancestors {' '.join(frame_ancestors) or chr(39) + 'self' + chr(39)}"

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["content-security-policy"] = self._policy
        response.headers["x-content-type-options"] = "nosniff"
        response.headers["referrer-policy"] = "no-referrer"
        response.headers["cross-origin-opener-policy"] = "same-origin"
        response.headers["permissions-policy"] = "camera=(), microphone=(), geolocation=()"
        response.headers["cache-control"] = "no-cache"
        return response


def install(app: FastAPI, *, frame_ancestors: tuple[str, ...]) -> None:
    """Serve the page. Routes under ``/app`` that are not files are to be added before."""

    @app.get("/", include_in_schema=False)
    def home() -> RedirectResponse:
        return RedirectResponse("/app/")

    app.mount("/app", _Page(Path(str(files("cdss").joinpath("web"))), frame_ancestors), name="page")
