"""Check the addresses and contents of tiles and bundles (C2SP tlog-tiles)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from treaty_contracts.tlog.tiles import (
    MAX_ENTRY_BYTES,
    Tile,
    bundles_of,
    parse_tile,
    read_bundle,
    read_tile,
    tiles_of,
    write_bundle,
)


@pytest.mark.parametrize(
    ("tile", "path"),
    [
        (Tile(0, 0), "0/000"),
        (Tile(1, 999, 1), "1/999.p/1"),
        (Tile(0, 1234067), "0/x001/x234/067"),
        (Tile(None, 1000, 255), "entries/x001/000.p/255"),
        (Tile(63, 0, 128), "63/000.p/128"),
    ],
)
def test_a_tile_has_the_address_the_format_gives_it(tile: Tile, path: str) -> None:
    assert tile.path == path
    assert parse_tile(path) == tile


@pytest.mark.property
@given(st.none() | st.integers(0, 63), st.integers(0, 2**62), st.integers(1, 256))
def test_an_address_names_one_tile(level: int | None, number: int, width: int) -> None:
    tile = Tile(level, number, width)
    assert parse_tile(tile.path) == tile


@pytest.mark.parametrize(
    "path",
    [
        "",
        "0",
        "0/0",
        "0/0000",
        "0/x000/001",
        "00/000",
        "64/000",
        "-1/000",
        "0/001/002",
        "0/x001/x002",
        "0/000.p/0",
        "0/000.p/256",
        "0/000.p/257",
        "0/000.p/01",
        "0/000.p/",
        "0/000/",
        "/0/000",
        "0/\u0661\u0661\u0661",
        "entries/000.p/1/",
        "data/000",
        "0/" + "x001/" * 40 + "000",
    ],
)
def test_no_other_spelling_names_a_tile(path: str) -> None:
    assert parse_tile(path) is None


def test_a_log_has_the_tiles_that_hold_its_hashes() -> None:
    assert tiles_of(0) == []
    assert tiles_of(255) == [Tile(0, 0, 255)]
    assert tiles_of(257) == [Tile(0, 0), Tile(0, 1, 1), Tile(1, 0, 1)]
    assert [tile.path for tile in tiles_of(70_000)][-4:] == ["0/273.p/112", "1/000", "1/001.p/17", "2/000.p/1"]
    assert bundles_of(257) == [Tile(None, 0), Tile(None, 1, 1)]


@pytest.mark.property
@given(st.integers(0, 200_000))
def test_a_log_has_all_of_its_tiles(size: int) -> None:
    assert all(tile.needs_size <= size for tile in (*tiles_of(size), *bundles_of(size)))


@pytest.mark.property
@given(st.lists(st.binary(max_size=300), max_size=8))
def test_a_bundle_is_read_as_it_was_written(entries: list[bytes]) -> None:
    assert read_bundle(write_bundle(entries)) == entries


def test_an_entry_is_as_long_as_its_length_can_say() -> None:
    longest = bytes(MAX_ENTRY_BYTES)
    assert read_bundle(write_bundle([longest])) == [longest]
    with pytest.raises(ValueError, match="an entry of 65536 bytes is too long"):
        write_bundle([longest + b"1"])


@pytest.mark.parametrize("cut", [b"\x00", b"\x00\x03ab"])
def test_a_cut_bundle_is_refused(cut: bytes) -> None:
    with pytest.raises(ValueError, match="middle of an entry"):
        read_bundle(write_bundle([b"whole"]) + cut)


def test_a_cut_tile_is_refused() -> None:
    assert read_tile(bytes(64)) == [bytes(32), bytes(32)]
    with pytest.raises(ValueError, match="middle of a hash"):
        read_tile(bytes(63))
