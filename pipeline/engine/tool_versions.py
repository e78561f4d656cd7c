"""Versions of the outside software that results depend on: part of every key and receipt."""

import platform
from collections.abc import Iterable
from functools import cache
from importlib.metadata import version


@cache
def tool_version(tool: str) -> str:
    """The version of `ffmpeg` or of an installed distribution."""
    if tool == "ffmpeg":
        from media.ffmpeg import version as ffmpeg_version

        return ffmpeg_version()
    return version(tool)


def tool_versions(tools: Iterable[str]) -> dict[str, str]:
    return {tool: tool_version(tool) for tool in sorted(tools)}


def runtime_versions() -> dict[str, str]:
    """The versions of kandian, Python and the platform, for report.json."""
    return {"kandian": version("kandian"), "python": platform.python_version(), "platform": platform.platform()}
