"""S3-compatible storage by django-storages, as vaults need it.

Objects are encrypted before they come here. A put is atomic and replaces what was there; what was put can be read at
once (S3 is strongly consistent since December 2020, as are MinIO and Ceph). Every call ends within half a minute.
"""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

from boto3.exceptions import Boto3Error
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.base import File
from storages.backends.s3 import S3Storage

from . import StorageAway, StorageRefused
from .ranges import RangedFile

TRIES = 3
CONNECT_SECONDS, READ_SECONDS = 3, 10  # of each try; READ is the longest silence, not the longest transfer
PART = 16 << 20  # larger objects go up in parts, each tried again alone
# In the caller's thread: a pool of ten threads for an object of some kilobytes costs more than the object.
_TRANSFER = TransferConfig(multipart_threshold=PART, multipart_chunksize=PART, use_threads=False)
_HASTY = Config(connect_timeout=0.5, read_timeout=1, retries={"mode": "standard", "total_max_attempts": 1})
_MISSING = ("404", "NoSuchKey", "NotFound")
# Besides 5xx: slow, being written, replaced while it was read, asked too often.
_TRANSIENT = (408, 409, 412, 429)


class SharedStorage(S3Storage):
    """One client for all threads of a process, made when it is first used and again after a fork."""

    def __init__(self, **options: Any) -> None:
        config = _client_config(options.pop("addressing_style", "auto"))
        fixed = {"client_config": config, "transfer_config": _TRANSFER, "file_overwrite": True, "gzip": False}
        super().__init__(**options, **fixed, default_acl=None, querystring_auth=True)
        self._making = threading.Lock()
        self._made_by, self._made = 0, None

    @property
    def connection(self) -> Any:
        if self._made_by != os.getpid():
            with self._making:
                if self._made_by != os.getpid():
                    self._made = self._create_session().resource(
                        "s3", region_name=self.region_name, endpoint_url=self.endpoint_url, config=self.client_config
                    )
                    self._made_by = os.getpid()
        return self._made

    @property
    def bucket(self) -> Any:
        return self.connection.Bucket(self.bucket_name)

    def _open(self, name: str, mode: str = "rb") -> File:
        """A file that reads only what is asked for; that it is missing shows with the first read."""
        if mode != "rb":
            raise ValueError("Objects are written whole, by save().")
        key, client = self._normalize_name(name), self.connection.meta.client
        return RangedFile(client, self.bucket_name, key, name, told)

    def _save(self, name: str, content: Any) -> str:
        with told(name):
            return super()._save(name, content)

    def delete(self, name: str) -> None:
        with told(name):
            super().delete(name)

    def exists(self, name: str) -> bool:
        with told(name):
            return super().exists(name)

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        with told(path):
            return super().listdir(path)

    def size(self, name: str) -> int:
        with told(name):
            return super().size(name)

    def ping(self) -> None:
        """Ask once, for a second at most. Raise StorageAway or StorageRefused when vaults cannot be used now."""
        hasty = self.client_config.merge(_HASTY)
        asked = {"region_name": self.region_name, "endpoint_url": self.endpoint_url, "config": hasty}
        with told(self.bucket_name):
            try:
                self._create_session().client("s3", **asked).head_bucket(Bucket=self.bucket_name)
            except ClientError as fault:
                if fault.response["ResponseMetadata"]["HTTPStatusCode"] != 404:
                    raise
                raise StorageRefused("The shared storage has no such bucket as STORAGE_URL names.") from None

    def url(self, *_: Any, **__: Any) -> NoReturn:
        """Never: a presigned address would let whoever has it read without a role and without history."""
        raise NotImplementedError("Objects of a vault have no address.")


def _client_config(addressing_style: str) -> Config:
    return Config(
        s3={"addressing_style": addressing_style},
        connect_timeout=CONNECT_SECONDS,
        read_timeout=READ_SECONDS,
        retries={"mode": "standard", "total_max_attempts": TRIES},
        max_pool_connections=32,  # a process sends in up to 16 threads
        tcp_keepalive=True,
        signature_version="s3v4",
        # Checksums of newer SDKs are refused by older servers; the vault's own seal tells every changed byte.
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
    )


@contextmanager
def told(name: str) -> Iterator[None]:
    """What boto says, as an OSError that says what to do. Names are of ours; keys and signatures are not repeated."""
    try:
        yield
    except ClientError as fault:
        raise _of_answer(fault, name) from None
    except Boto3Error as fault:  # wraps what went wrong while parts were sent
        why = fault.__context__
        raise (_of_answer(why, name) if isinstance(why, ClientError) else _away(fault)) from None
    except BotoCoreError as fault:
        raise _away(fault) from None


def _away(fault: Exception) -> OSError:
    return StorageAway(f"The shared storage does not answer ({type(fault).__name__}).")


def _of_answer(fault: ClientError, name: str) -> OSError:
    code = str(fault.response.get("Error", {}).get("Code", ""))
    status = int(fault.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
    if code in _MISSING:
        return FileNotFoundError(f"There is no object {name}.")
    if status >= 500 or status in _TRANSIENT:
        return StorageAway(f"The shared storage cannot do it now ({status} {code}).")
    return StorageRefused(
        f"The shared storage refuses ({status} {code}). Look at STORAGE_URL: its keys and its bucket."
    )
