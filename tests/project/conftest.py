"""Trees of files."""

import pytest


@pytest.fixture
def tree(tmp_path):
    """Return a function that writes files, given as paths and texts, below a folder."""

    def write(files, folder=tmp_path):
        for name, text in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return folder

    return write
