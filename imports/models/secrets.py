"""Secrets that outlive a change of FIELD_KEYS: what was hashed or signed with them years ago is still recognised."""

import os
from functools import lru_cache

from django.db import models

from imports.vault import open_text, seal_text

SIZE = 32  # bytes


class LastingSecretQuerySet(models.QuerySet["LastingSecret"]):
    def of(self, purpose: str) -> bytes:
        """The 32 bytes for one purpose, made when they are first asked for. Raise Sealed when no key opens them."""
        kept, _ = self.get_or_create(purpose=purpose, defaults={"sealed": seal_text(os.urandom(SIZE).hex())})
        return _opened(kept.sealed)


@lru_cache(maxsize=8)
def _opened(sealed: str) -> bytes:
    return bytes.fromhex(open_text(sealed))


class LastingSecret(models.Model):
    """Random bytes for one purpose, sealed with FIELD_KEYS; `rotate_keys` seals them anew and leaves them the same."""

    purpose = models.CharField(max_length=60, unique=True)
    sealed = models.TextField(editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = LastingSecretQuerySet.as_manager()

    def __str__(self) -> str:
        return self.purpose
