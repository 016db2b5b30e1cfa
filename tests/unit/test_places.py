"""Which grids come near a point: those whose cases may be about the same matter (A19)."""

import pytest

from api.places import GridPlace, Places


def square(west: float, south: float, size: float = 0.01) -> dict[str, object]:
    """A square of ``size`` degrees."""
    corners = [(west, south), (west + size, south), (west + size, south + size), (west, south + size), (west, south)]
    return {"type": "Polygon", "coordinates": [corners]}


HERE = Places(
    [
        (GridPlace(code="west", unit="c"), square(104.00, 30.00)),
        (GridPlace(code="east", unit="c"), square(104.01, 30.00)),
        (GridPlace(code="far", unit="c"), square(104.05, 30.00)),
        (GridPlace(code="nowhere", unit="c"), None),
    ]
)


@pytest.mark.parametrize(
    ("lat", "lon", "metres", "grids"),
    [
        (30.005, 104.005, 100, {"west"}),
        (30.005, 104.0095, 100, {"west", "east"}),
        (30.005, 104.0095, 10, {"west"}),
        (30.005, 104.005, 600, {"west", "east"}),
        (30.005, 104.04, 100, set()),
        (30.005, 104.04, 100_000, {"west", "east", "far"}),
        (90.0, 0.0, 300, set()),
    ],
)
def test_grids_within_reach_are_found(lat: float, lon: float, metres: float, grids: set[str]) -> None:
    assert HERE.around(lat, lon, metres) == grids
