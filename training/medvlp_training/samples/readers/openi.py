"""Open-i (Indiana University chest X-rays).

Layout: https://openi.nlm.nih.gov/faq#collection (``NLMCXR_reports.tgz`` unpacks to
``ecgen-radiology/1.xml``, ``NLMCXR_png.tgz`` to ``CXR1_1_IM-0001-3001.png``). A report is of one
patient and names its images; the view of an image is not published. There is no official division:
patients are divided by hash.

Words that were removed for privacy stand as XXXX and are left out. Labels are the manually given
MeSH terms; what is not given is unknown, except in reports that are coded as normal.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

from medvlp_training.samples.errors import SampleError
from medvlp_training.samples.images import read_radiograph
from medvlp_training.samples.label_set import load_label_set
from medvlp_training.samples.layout import Layout
from medvlp_training.samples.readers.reader import existing, report_fields, samples_of
from medvlp_training.samples.sample import ImageTextSample
from medvlp_training.samples.skips import Skips

LAYOUT = Layout(
    "Open-i",
    """\
  ecgen-radiology/1.xml           (or NLMCXR_reports/ecgen-radiology/1.xml)
  NLMCXR_png/CXR1_1_IM-0001-3001.png   (or CXR1_1_IM-0001-3001.png)""",
    "https://openi.nlm.nih.gov/faq#collection",
)
_REPORTS = ("ecgen-radiology", "NLMCXR_reports/ecgen-radiology")
_REMOVED = re.compile(r"\S*XXXX\S*")
_SECTIONS = ("FINDINGS", "IMPRESSION")


def read(root: Path, skips: Skips) -> Iterator[ImageTextSample]:
    """Images with their report and its MeSH terms."""
    reports = sorted(LAYOUT.find(root, *_REPORTS).glob("*.xml"), key=lambda path: path.stem)
    if not reports:
        raise LAYOUT.error(root, "ecgen-radiology holds no .xml")
    folder = root / "NLMCXR_png" if (root / "NLMCXR_png").is_dir() else root
    LAYOUT.find(folder, "*.png")
    return samples_of(_images(reports, skips), lambda item: _sample(folder, *item, skips), skips)


def _images(
    reports: list[Path], skips: Skips
) -> Iterator[tuple[str, tuple[Path, ElementTree.Element, str]]]:
    """Every image that a report names, with the report."""
    for path in reports:
        try:
            # expat resolves no external entities and bounds internal ones.
            tree = ElementTree.parse(path).getroot()  # noqa: S314
        except ElementTree.ParseError as error:
            damaged = SampleError(f"{path} is no XML ({error}). Copy it again.")
            skips.skip(path.name, "unreadable report", damaged)
            continue
        names = [image.get("id", "") for image in tree.iter("parentImage")]
        if not names:
            skips.skip(path.name, "report without an image", SampleError(f"{path}: no image."))
        yield from ((f"{path.name}, {name}", (path, tree, name)) for name in names)


def _sample(
    folder: Path, report: Path, tree: ElementTree.Element, name: str, skips: Skips
) -> ImageTextSample:
    picture = read_radiograph(existing(folder / f"{name}.png"))
    terms = [(term.text or "").split("/")[0].strip() for term in tree.iter("major")]
    labels = load_label_set("openi").read_listed(filter(None, terms))
    return ImageTextSample(
        identity=f"openi/{name}",
        patient=f"openi/{report.stem}",
        modality="XR",
        image=picture.image,
        affine=picture.affine,
        **report_fields(_text(tree), "XR", labels, report.name, skips),
        source="openi",
    )


def _text(tree: ElementTree.Element) -> str:
    sections = {part.get("Label", ""): part.text or "" for part in tree.iter("AbstractText")}
    return "\n".join(
        f"{name}: {_REMOVED.sub('', sections[name]).strip()}"
        for name in _SECTIONS
        if sections.get(name, "").strip()
    )
