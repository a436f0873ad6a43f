"""nodejs.py - test tools that come from npm: their exact versions stand in a package-lock.json beside them."""
import os
import shutil
import subprocess
import sys


def prepare(folder, package, least=20):
    """Installs what the folder's lock file names when it is not there; ends the program as skipped where that can not be."""
    node = shutil.which("node")
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout.strip() if node else ""
    if not node or int(version.lstrip("v").split(".")[0]) < least:
        skip(f"the package {package} needs Node.js {least}, here is {version or 'none'}")
    if not os.path.isdir(os.path.join(folder, "node_modules", package)):
        done = subprocess.run(["npm", "ci", "--ignore-scripts", "--loglevel=error"], cwd=folder, check=False)
        if done.returncode != 0:
            skip(f"npm ci failed in {folder}")


def skip(reason):
    print(f"skipped: {reason}\n0 passed, 0 failed, 1 skipped")
    sys.exit(0)
