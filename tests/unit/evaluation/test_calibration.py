from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

from app.evaluation.calibration import Bin, draw_reliability, expected_calibration_error, reliability_bins


def test_bins_are_half_open_and_the_last_holds_certainty() -> None:
    bins = reliability_bins([(0.0, False), (0.5, True), (0.999, True), (1.0, False)], bins=2)

    assert bins[0] == Bin(0.0, 0.5, 1, 0.0, 0.0)
    assert (bins[1].low, bins[1].high, bins[1].count) == (0.5, 1.0, 3)
    assert (bins[1].confidence, bins[1].accuracy) == pytest.approx((2.499 / 3, 2 / 3))


def test_an_empty_bin_has_no_means() -> None:
    assert reliability_bins([(0.9, True)], bins=2)[0] == Bin(0.0, 0.5, 0, None, None)


def test_the_error_weighs_each_bin_by_its_share() -> None:
    # Three at 0.9 of which one is right: off by 0.5667. One at 0.2 that is right: off by 0.8.
    bins = reliability_bins([(0.9, True), (0.9, False), (0.9, False), (0.2, True)])

    assert expected_calibration_error(bins) == pytest.approx(0.75 * (0.9 - 1 / 3) + 0.25 * 0.8)


def test_confidence_that_is_kept_has_no_error() -> None:
    assert expected_calibration_error(reliability_bins([(0.75, True)] * 3 + [(0.75, False)])) == 0.0


def test_the_error_of_nothing_is_undefined() -> None:
    assert expected_calibration_error(reliability_bins([])) is None


def test_a_confidence_that_is_no_probability_is_refused() -> None:
    with pytest.raises(ValueError, match=r"1\.2"):
        reliability_bins([(1.2, True)])


def test_the_diagram_is_svg_with_a_bar_and_a_point_for_each_filled_bin() -> None:
    svg = draw_reliability(reliability_bins([(0.9, True), (0.9, False), (0.2, True)]), "quotes & <speakers>")
    root = ET.fromstring(svg)  # noqa: S314 (our own)
    tags = [element.tag.rpartition("}")[2] for element in root.iter()]

    assert tags.count("circle") == 2
    assert sum("fill-opacity" in element.attrib for element in root.iter()) == 2
    assert "expected calibration error 0.533" in svg
    assert "quotes &amp; &lt;speakers&gt;" in svg


def test_the_diagram_of_nothing_says_so() -> None:
    svg = draw_reliability(reliability_bins([]), "nothing")

    assert "0 annotations" in svg
    assert "calibration error" not in svg
