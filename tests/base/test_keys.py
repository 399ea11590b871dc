"""The secrets of an installation."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pydantic import SecretStr

from base.errors import OperatorError
from base.keys import FILE_NAME, SecretKeyMissing, secrets_of, signing_key
from base.settings import Settings


def test_key_of_the_settings_is_used_and_no_file_is_made(tmp_path: Path) -> None:
    assert signing_key(Settings(data_dir=tmp_path, secret_key=SecretStr("hunter2" * 3))) == "hunter2" * 3
    assert not (tmp_path / FILE_NAME).exists()


def test_generated_key_is_long_private_and_stays_the_same(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "new")
    key = signing_key(settings)
    assert len(key) >= 43
    assert signing_key(settings) == key
    assert [file.name for file in settings.data_dir.iterdir()] == [FILE_NAME]
    assert (settings.data_dir / FILE_NAME).stat().st_mode & 0o077 == 0


def test_processes_that_start_together_agree_on_one_key(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    with ThreadPoolExecutor(8) as threads:
        assert len(set(threads.map(lambda _: signing_key(settings), range(8)))) == 1


def test_current_secret_comes_before_those_it_replaced(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, secret_key=SecretStr(f" {'new' * 6} , {'old' * 6},,"))
    assert secrets_of(settings) == ("new" * 6, "old" * 6)
    assert signing_key(settings) == "new" * 6


@pytest.mark.parametrize("secret", [None, "", " , "])
def test_shared_database_needs_a_shared_secret(tmp_path: Path, secret: str | None) -> None:
    settings = Settings(
        data_dir=tmp_path, database_url="postgresql://host/cornavin", secret_key=secret and SecretStr(secret)
    )
    with pytest.raises(SecretKeyMissing, match="CORNAVIN_SECRET_KEY is not set"):
        secrets_of(settings)
    assert not (tmp_path / FILE_NAME).exists()


@pytest.mark.parametrize("content", ["", "\n", "hunter2"])
def test_file_without_a_proper_key_is_refused_in_one_line(tmp_path: Path, content: str) -> None:
    (tmp_path / FILE_NAME).write_text(content)
    with pytest.raises(OperatorError, match=FILE_NAME) as refusal:
        signing_key(Settings(data_dir=tmp_path))
    assert "\n" not in str(refusal.value)
    assert "hunter2" not in str(refusal.value)
