from __future__ import annotations

import numpy as np
import pytest
from monai.apps.detection.metrics.coco import COCOMetric
from monai.apps.detection.metrics.matching import matching_batch
from monai.data.box_utils import box_iou

from medvlp_training.evaluation.transfer.average_precision import (
    IOU_THRESHOLDS,
    DetectionScores,
    ImageMatches,
    average_precision,
    match,
)

SQUARE = [0.0, 0, 10, 10]
FAR = [50.0, 50, 60, 60]


def matched(*boxes, true=(SQUARE,)):
    """One image; scores fall from 0.9 in the order given."""
    scores = 0.9 - 0.1 * np.arange(len(boxes))
    return match(np.reshape(boxes, (-1, 4)), scores, np.reshape(true, (-1, 4)))


def test_a_perfect_detection_has_an_average_precision_of_one():
    assert average_precision([matched(SQUARE)]) == 1.0
    assert average_precision([matched(FAR)]) == 0.0
    assert average_precision([matched()]) == 0.0


def test_no_box_at_all_has_no_average_precision():
    assert np.isnan(average_precision([matched(SQUARE, true=())]))


def test_a_loose_box_counts_at_the_thresholds_that_it_reaches():
    # 10 x 6 of 10 x 10: IoU 0.6, which reaches 0.40, 0.45, 0.50, 0.55 and 0.60.
    found = [matched([0, 0, 10, 6])]
    assert average_precision(found) == pytest.approx(5 / 8)
    assert average_precision(found, [0.5]) == 1.0
    assert average_precision(found, [0.65]) == 0.0


def test_a_box_is_found_once():
    twice = matched(SQUARE, [0, 0, 10, 9.9], true=(SQUARE, FAR))
    assert twice.matched[0].tolist() == [True, False]
    # One of two boxes, at full precision: recalls 0 to 0.5 are 51 of 101.
    assert average_precision([twice]) == pytest.approx(51 / 101)


def test_a_false_alarm_before_a_hit_halves_the_precision_and_one_after_costs_nothing():
    assert average_precision([matched(FAR, SQUARE)]) == pytest.approx(0.5)
    assert average_precision([matched(SQUARE, FAR)]) == pytest.approx(1.0)


def test_false_alarms_on_images_without_boxes_count():
    normal = ImageMatches(np.array([0.95]), np.zeros((8, 1), bool), 0)
    assert average_precision([matched(SQUARE), normal]) == pytest.approx(0.5)


def test_volumes_have_boxes_of_six_numbers():
    cube = np.array([[0.0, 0, 0, 4, 4, 4]])
    half = np.array([[0.0, 0, 0, 4, 4, 2]])
    found = match(half, np.array([0.5]), cube)
    assert found.matched[:, 0].tolist() == [True] * 3 + [False] * 5


def test_it_agrees_with_monai_on_random_boxes():
    rng = np.random.default_rng(0)
    images, given = [], {"pred": [], "score": [], "true": []}
    for _ in range(12):
        start = rng.uniform(0, 40, (rng.integers(1, 4), 2))
        true = np.concatenate([start, start + rng.uniform(5, 20, start.shape)], 1)
        predicted = np.repeat(true, 2, 0) + rng.normal(0, 1.5, (2 * len(true), 4))
        scores = rng.random(len(predicted))
        images.append(match(predicted, scores, true))
        for key, value in zip(given, (predicted, scores, true), strict=True):
            given[key].append(value)
    metric = COCOMetric(["box"], [0.5], (0.4, 0.75, 0.05), [100], verbose=False)
    results = matching_batch(
        box_iou, metric.get_iou_thresholds(), given["pred"],
        [np.zeros(len(p), int) for p in given["pred"]], given["score"], given["true"],
        [np.zeros(len(t), int) for t in given["true"]],
    )  # fmt: skip
    expected, _ = metric(results)
    assert 0.2 < average_precision(images) < 0.95
    assert average_precision(images) == pytest.approx(
        expected["mAP_IoU_0.40_0.75_0.05_MaxDet_100"], abs=1e-6
    )
    assert average_precision(images, [0.5]) == pytest.approx(expected["AP_IoU_0.50_MaxDet_100"])


def test_intervals_are_over_patients():
    images = (matched(SQUARE), matched(FAR), matched(SQUARE), matched(SQUARE))
    found = DetectionScores(images, ("a", "b", "c", "d")).estimate()
    assert found.value == pytest.approx(average_precision(images))
    assert found.low < found.value < found.high
    one = DetectionScores(images, ("a", "a", "a", "a")).estimate()
    assert np.isnan([one.low, one.high]).all()
    assert found.n == 4
    assert len(IOU_THRESHOLDS) == 8
    assert IOU_THRESHOLDS[-1] == 0.75
