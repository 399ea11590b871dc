"""Encryption of what is kept: AES-256-GCM with a key for each thing, wrapped by a key derived from the secret.

A key of its own for each thing means that changing the secret re-encrypts 32 bytes and not the thing, and that
throwing the wrapped key away destroys the thing.
"""

import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from base.errors import CornavinError

_KEY_BYTES, _NONCE_BYTES, _NAME_BYTES = 32, 12, 8
_WRAPPING, _NAMING = b"cornavin wrapping key 1", b"cornavin wrapping key 1, its name"
_RECOGNISING = b"cornavin recognising key 1"


class Undecipherable(CornavinError):
    """What was encrypted cannot be read: another key was used, or it is not what was written."""


@dataclass(frozen=True)
class WrappedKey:
    """The key of one thing, as it is kept beside it.

    Args:
        wrapped_by: Name of the key of the ring that opens it.
        content: Encrypted.
    """

    wrapped_by: str
    content: bytes


class DataKey:
    """The key of one thing.

    Args:
        key: 32 random bytes.
        owner: The thing's name; what was encrypted for one owner cannot be passed off as another's.
    """

    def __init__(self, key: bytes, owner: str) -> None:
        self._cipher = AESGCM(key)
        self._owner = owner

    def encrypt(self, content: bytes, part: str) -> bytes:
        """Encrypts one part of the thing; parts cannot be mistaken for each other."""
        return _seal(self._cipher, content, _bound(self._owner, part))

    def decrypt(self, encrypted: bytes, part: str) -> bytes:
        """What `encrypt` was given.

        Raises:
            Undecipherable: When a single bit differs, or it belongs to another part or owner.
        """
        return _unseal(self._cipher, encrypted, _bound(self._owner, part))


class KeyRing:
    """The keys that wrap the keys of things.

    Args:
        secrets_: Long random texts: the current one, then those that were current before and can still be read.
    """

    def __init__(self, secrets_: Sequence[str]) -> None:
        if not secrets_:
            raise ValueError("a key ring needs a secret")
        names = [_derive(secret, _NAMING, _NAME_BYTES).hex() for secret in secrets_]
        self._current = names[0]
        self._ciphers = {
            name: AESGCM(_derive(secret, _WRAPPING, _KEY_BYTES)) for name, secret in zip(names, secrets_, strict=True)
        }
        self._recognising = tuple(_derive(secret, _RECOGNISING, _KEY_BYTES) for secret in secrets_)

    @property
    def current(self) -> str:
        """The name of the key that wraps new keys. It tells nothing about the secret."""
        return self._current

    @property
    def names(self) -> frozenset[str]:
        """The names of all its keys."""
        return frozenset(self._ciphers)

    def new_key(self, owner: str) -> tuple[DataKey, WrappedKey]:
        """A key for a new thing, and what to keep of it."""
        key = secrets.token_bytes(_KEY_BYTES)
        return DataKey(key, owner), self._wrap(key, owner)

    def unwrap(self, wrapped: WrappedKey, owner: str) -> DataKey:
        """The key of a thing that is kept.

        Raises:
            Undecipherable: When its secret is not in the ring, or the wrapped key is not this owner's.
        """
        return DataKey(self._unwrapped(wrapped, owner), owner)

    def rewrap(self, wrapped: WrappedKey, owner: str) -> WrappedKey:
        """The same key, wrapped by the current key of the ring.

        Raises:
            Undecipherable: As `unwrap`.
        """
        return self._wrap(self._unwrapped(wrapped, owner), owner)

    def fingerprints(self, content: str) -> tuple[str, ...]:
        """What recognises the same content again, and tells nothing of it to who has no secret of the ring.

        Returns:
            One for each secret, the current one's first.
        """
        return tuple(hmac.digest(key, content.encode(), "sha256").hex() for key in self._recognising)

    def _wrap(self, key: bytes, owner: str) -> WrappedKey:
        return WrappedKey(self._current, _seal(self._ciphers[self._current], key, _bound(owner, "key")))

    def _unwrapped(self, wrapped: WrappedKey, owner: str) -> bytes:
        cipher = self._ciphers.get(wrapped.wrapped_by)
        if cipher is None:
            raise Undecipherable(f"key {wrapped.wrapped_by} is in no secret of CORNAVIN_SECRET_KEY")
        return _unseal(cipher, wrapped.content, _bound(owner, "key"))


def _derive(secret: str, purpose: bytes, length: int) -> bytes:
    return HKDF(SHA256(), length, salt=None, info=purpose).derive(secret.encode())


def _bound(owner: str, part: str) -> bytes:
    return f"{owner}\0{part}".encode()


def _seal(cipher: AESGCM, content: bytes, bound: bytes) -> bytes:
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return nonce + cipher.encrypt(nonce, content, bound)


def _unseal(cipher: AESGCM, sealed: bytes, bound: bytes) -> bytes:
    try:
        return cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], bound)
    except (InvalidTag, ValueError):
        raise Undecipherable("the content is not what was written, or belongs elsewhere") from None
