"""What can be wrong with samples, the shards that hold them and the collections they come from."""

from __future__ import annotations

from medvlp.errors import MedVLPError


class SampleError(MedVLPError):
    """A sample contradicts itself or the format."""


class MissingImageError(SampleError):
    """The image that a table names is not there."""


class ExcludedError(SampleError):
    """The collection itself says that an image is not to be used."""


class MaskError(SampleError):
    """A mask is of another size than its image, or its values have no names."""


class ShardError(MedVLPError):
    """A shard, a member of it or its index is missing, damaged or of another format."""


class LayoutError(MedVLPError):
    """A folder is not laid out as its collection is published."""


class ManifestError(MedVLPError):
    """A manifest, or one of its rows, cannot be used."""
