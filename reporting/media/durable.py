"""Files that are on the disk once they are said to be kept: a row that says *ready* must not outlive its file in a power cut."""

import os
from pathlib import Path
from typing import Any

from django.core.files.storage import FileSystemStorage


def hold(path: Path) -> None:
    """Wait until the disk has a file's bytes, or a folder's list of names."""
    handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class DurableStorage(FileSystemStorage):
    """Django's own, which leaves the last step to the system."""

    def _save(self, name: str, content: Any) -> str:
        kept: str = super()._save(name, content)  # type: ignore[misc]  # missing in the stubs
        path, root = Path(self.path(kept)), Path(self.location)
        hold(path)
        for folder in path.parents:
            hold(folder)
            if folder == root:
                break
        hold(root.parent)
        return kept
