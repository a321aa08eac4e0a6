"""The list of parsed attributes holds every attribute that the reader asks for."""

from __future__ import annotations

import re
from pathlib import Path

from pydicom.datadict import tag_for_keyword

import medvlp.io.dicom
from medvlp.io.dicom.keywords import READ

NESTED = {"ModalityLUTType", "LUTData", "LUTDescriptor", "MediaStorageSOPClassUID"}
NESTED |= {"TransferSyntaxUID"}
# A structure set is no image: it is read whole.
NESTED |= {"StructureSetROISequence", "ROIName", "ROIContourSequence", "ContourSequence"}
NESTED |= {"ContourGeometricType"}


def test_every_attribute_named_in_the_reader_is_parsed():
    (folder,) = medvlp.io.dicom.__path__
    words = set()
    for path in Path(folder).glob("*.py"):
        text = path.read_text()
        words |= set(re.findall(r'"([A-Z][A-Za-z]{3,})"', text))
        words |= set(re.findall(r"\bdataset\.([A-Z][A-Za-z]{3,})", text))
    keywords = {word for word in words if tag_for_keyword(word) is not None}
    assert len(keywords) > 40
    assert keywords - set(READ) - NESTED == set()


def test_every_parsed_attribute_exists():
    assert [keyword for keyword in READ if tag_for_keyword(keyword) is None] == []
    assert len(set(READ)) == len(READ)
