package main

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const (
	height = 8
	width  = 1 << height
)

// places are sizes to prove consistency from, and indexes to prove inclusion of, as far as a log reaches.
var places = []int64{0, 1, 2, 254, 255, 256, 257, 999, 1000, 65535, 65536, 69999}

// verifyLog replays a log from its entries, and compares all that its tiles tell with what follows from them.
func verifyLog(trusted note.Verifiers, folder string) (string, error) {
	tree, origin, err := readCheckpoint(trusted, filepath.Join(folder, "checkpoint"))
	if err != nil {
		return "", err
	}
	replayed, err := replay(folder, tree.N)
	if err != nil {
		return "", err
	}
	if root, err := rootOf(tree.N, replayed); err != nil || root != tree.Hash {
		return "", fmt.Errorf("the %d entries have the root %v, and %v was signed", tree.N, root, tree.Hash)
	}
	tiles := &tileFolder{folder, map[string]bool{}}
	reader := tlog.TileHashReader(tree, tiles)
	if err := compareHashes(reader, replayed); err != nil {
		return "", err
	}
	included, extended, err := proveFromTiles(tree, reader, replayed)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("%s: %d entries, %d tiles, %d inclusions, %d consistencies",
		origin, tree.N, len(tiles.seen), included, extended), nil
}

// proveFromTiles proves inclusion and consistency from the tiles alone, against what was replayed.
func proveFromTiles(tree tlog.Tree, reader tlog.HashReader, replayed hashes) (included, extended int, err error) {
	for _, place := range append(places, tree.N/2, tree.N-1) {
		if place < 0 || place >= tree.N {
			continue
		}
		proof, err := tlog.ProveRecord(tree.N, place, reader)
		if err != nil {
			return 0, 0, err
		}
		leaf := replayed[tlog.StoredHashIndex(0, place)]
		if err := tlog.CheckRecord(proof, tree.N, tree.Hash, place, leaf); err != nil {
			return 0, 0, fmt.Errorf("entry %d: %v", place, err)
		}
		included++
	}
	for _, size := range append(places, tree.N-1, tree.N) {
		if size < 1 || size > tree.N {
			continue
		}
		old, err := rootOf(size, replayed)
		if err != nil {
			return 0, 0, err
		}
		proof, err := tlog.ProveTree(tree.N, size, reader)
		if err != nil {
			return 0, 0, err
		}
		if err := tlog.CheckTree(proof, tree.N, tree.Hash, size, old); err != nil {
			return 0, 0, fmt.Errorf("from size %d: %v", size, err)
		}
		extended++
	}
	return included, extended, nil
}

// hashes are all that a log's tree stores, as Go numbers them.
type hashes []tlog.Hash

func (h hashes) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	found := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		if index >= int64(len(h)) {
			return nil, fmt.Errorf("hash %d is not replayed", index)
		}
		found[i] = h[index]
	}
	return found, nil
}

func replay(folder string, size int64) (replayed hashes, err error) {
	for first := int64(0); first < size; first += width {
		tile := tlog.Tile{H: height, L: -1, N: first / width, W: width}
		if size-first < width {
			tile.W = int(size - first)
		}
		entries, err := readBundle(filepath.Join(folder, path(tile)))
		if err != nil {
			return nil, err
		}
		if len(entries) != tile.W {
			return nil, fmt.Errorf("%s has %d entries", path(tile), len(entries))
		}
		for i, entry := range entries {
			more, err := tlog.StoredHashes(first+int64(i), entry, replayed)
			if err != nil {
				return nil, err
			}
			replayed = append(replayed, more...)
		}
	}
	return replayed, nil
}

func readBundle(file string) (entries [][]byte, err error) {
	rest, err := os.ReadFile(file)
	for err == nil && len(rest) > 0 {
		if len(rest) < 2 || len(rest) < 2+int(binary.BigEndian.Uint16(rest)) {
			return nil, fmt.Errorf("%s ends in the middle of an entry", file)
		}
		end := 2 + int(binary.BigEndian.Uint16(rest))
		entries, rest = append(entries, rest[2:end]), rest[end:]
	}
	return entries, err
}

// rootOf knows the root of the log without entries, which Go leaves zero.
func rootOf(size int64, reader tlog.HashReader) (tlog.Hash, error) {
	if size == 0 {
		return sha256.Sum256(nil), nil
	}
	return tlog.TreeHash(size, reader)
}

// compareHashes does not rest on the reader: some releases of the package pass a full tile on that they never checked.
func compareHashes(reader tlog.HashReader, replayed hashes) error {
	for first := 0; first < len(replayed); first += width {
		var indexes []int64
		for index := first; index < first+width && index < len(replayed); index++ {
			indexes = append(indexes, int64(index))
		}
		told, err := reader.ReadHashes(indexes)
		if err != nil {
			return err
		}
		for i, hash := range told {
			if hash != replayed[first+i] {
				return fmt.Errorf("the tiles tell another hash %d than the entries have", first+i)
			}
		}
	}
	return nil
}

// tileFolder gives tiles to Go, which checks them against the root.
type tileFolder struct {
	folder string
	seen   map[string]bool
}

func (t *tileFolder) Height() int { return height }

func (t *tileFolder) SaveTiles([]tlog.Tile, [][]byte) {}

func (t *tileFolder) ReadTiles(tiles []tlog.Tile) (found [][]byte, err error) {
	for _, tile := range tiles {
		content, err := os.ReadFile(filepath.Join(t.folder, path(tile)))
		if err != nil {
			return nil, err
		}
		t.seen[path(tile)] = true
		found = append(found, content)
	}
	return found, nil
}

// path spells an address as C2SP does: without the height, and with entries for what Go calls data.
func path(tile tlog.Tile) string {
	return strings.Replace(strings.Replace(tile.Path(), "tile/8/", "tile/", 1), "/data/", "/entries/", 1)
}
