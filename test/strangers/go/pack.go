package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"

	"github.com/transparency-dev/formats/log"
	f_note "github.com/transparency-dev/formats/note"
	f_proof "github.com/transparency-dev/formats/proof"
	"github.com/transparency-dev/merkle/compact"
	"github.com/transparency-dev/merkle/proof"
	"github.com/transparency-dev/merkle/rfc6962"
	"github.com/transparency-dev/tessera"
	"github.com/transparency-dev/tessera/api"
	"github.com/transparency-dev/tessera/api/layout"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// Above so many leaves not every older size is proven to be a prefix, but so many of them, evenly spread.
const prefixes = 1024

type packRequest struct {
	Dir string `json:"dir"`
}

// opinion is what one tool says: how much it looked at, and why it refused, if it did.
type opinion struct {
	Checks  int    `json:"checks"`
	Refused string `json:"refused,omitempty"`
}

type packReport struct {
	XMod    opinion `json:"xmod"`
	Merkle  opinion `json:"merkle"`
	Formats opinion `json:"formats"`
	Policy  opinion `json:"policy"`
}

// checkPack shows one evidence pack to each tool by itself: what one refuses, the next still looks at.
func checkPack(request packRequest) packReport {
	p := pack{root: request.Dir}
	return packReport{
		XMod:    opinionOf(p.showToXMod),
		Merkle:  opinionOf(p.showToMerkle),
		Formats: opinionOf(p.showToFormats),
		Policy:  opinionOf(p.showToPolicy),
	}
}

func opinionOf(show func(*int) error) (said opinion) {
	defer func() {
		if r := recover(); r != nil {
			said.Refused = fmt.Sprintf("panic: %v", r)
		}
	}()
	if err := show(&said.Checks); err != nil {
		said.Refused = err.Error()
	}
	return said
}

type pack struct{ root string }

func (p pack) read(path string) ([]byte, error) {
	data, err := os.ReadFile(filepath.Join(p.root, filepath.FromSlash(path)))
	if err != nil {
		return nil, fmt.Errorf("%s: cannot be read", path)
	}
	return data, nil
}

// record is one exported decision: its proof, and the bytes it is about.
type record struct {
	name  string
	entry []byte
	raw   []byte
	proof f_proof.TLogProof
}

func (p pack) records() ([]record, error) {
	names, err := filepath.Glob(filepath.Join(p.root, "proofs", "*.tlog-proof"))
	if err != nil {
		return nil, err
	}
	sort.Strings(names)
	records := make([]record, 0, len(names))
	for _, file := range names {
		name := strings.TrimSuffix(filepath.Base(file), ".tlog-proof")
		r := record{name: name}
		if r.raw, err = p.read("proofs/" + name + ".tlog-proof"); err != nil {
			return nil, err
		}
		if err := r.proof.Unmarshal(r.raw); err != nil {
			return nil, fmt.Errorf("proofs/%s: %w", name, err)
		}
		if r.entry, err = p.read("entries/" + name + ".json"); err != nil {
			return nil, err
		}
		records = append(records, r)
	}
	return records, nil
}

// entries hands over every entry of the tiles in order, as Tessera's parser cuts them.
func (p pack) entries(size uint64, each func(index uint64, entry []byte) error) error {
	for r := range layout.Range(0, size, size) {
		raw, err := p.read(layout.EntriesPath(r.Index, r.Partial))
		if err != nil {
			return err
		}
		bundle := api.EntryBundle{}
		if err := bundle.UnmarshalText(raw); err != nil {
			return err
		}
		if uint(len(bundle.Entries)) < r.N {
			return fmt.Errorf("entries of tile %d: %d, expected %d", r.Index, len(bundle.Entries), r.N)
		}
		for i := range uint64(r.N) {
			if err := each(r.Index*layout.EntryBundleWidth+i, bundle.Entries[i]); err != nil {
				return err
			}
		}
	}
	return nil
}

// opened is a checkpoint as golang.org/x/mod alone reads it.
type opened struct {
	tree tlog.Tree
	text string
}

func openWithXMod(raw []byte, verifier note.Verifier) (opened, error) {
	n, err := note.Open(raw, note.VerifierList(verifier))
	if err != nil {
		return opened{}, err
	}
	origin, rest, _ := strings.Cut(n.Text, "\n")
	if origin != verifier.Name() {
		return opened{}, fmt.Errorf("checkpoint of %q", origin)
	}
	// Its parser knows one origin only; the other lines are those of a checkpoint.
	tree, err := tlog.ParseTree([]byte("go.sum database tree\n" + rest))
	return opened{tree, n.Text}, err
}

// showToXMod: note.Open of every checkpoint, tiles authenticated by TileHashReader, CheckRecord of every entry of the
// log and of every proof in the pack, CheckTree of older sizes and of the previous checkpoint.
func (p pack) showToXMod(checks *int) error {
	vkey, err := p.read("checkpoint.vkey")
	if err != nil {
		return err
	}
	verifier, err := note.NewVerifier(strings.TrimSuffix(string(vkey), "\n"))
	if err != nil {
		return err
	}
	raw, err := p.read("checkpoint")
	if err != nil {
		return err
	}
	latest, err := openWithXMod(raw, verifier)
	if err != nil {
		return err
	}
	*checks++
	tree := latest.tree
	reader := tlog.TileHashReader(tree, tileReader{p})
	err = p.entries(uint64(tree.N), func(index uint64, entry []byte) error {
		*checks++
		path, err := tlog.ProveRecord(tree.N, int64(index), reader)
		if err != nil {
			return err
		}
		return tlog.CheckRecord(path, tree.N, tree.Hash, int64(index), tlog.RecordHash(entry))
	})
	if err != nil {
		return err
	}
	if err := p.showRecordsToXMod(verifier, reader, latest, checks); err != nil {
		return err
	}
	for n := int64(1); n <= tree.N; n += 1 + tree.N/prefixes {
		*checks++
		root, err := tlog.TreeHash(n, reader)
		if err != nil {
			return err
		}
		if err := checkPrefix(tree, n, root, reader); err != nil {
			return err
		}
	}
	previous, err := p.read("previous-checkpoint")
	if err != nil {
		return nil // not every request brings one
	}
	older, err := openWithXMod(previous, verifier)
	if err != nil {
		return err
	}
	*checks++
	return checkPrefix(tree, older.tree.N, older.tree.Hash, reader)
}

func (p pack) showRecordsToXMod(v note.Verifier, reader tlog.HashReader, latest opened, checks *int) error {
	records, err := p.records()
	if err != nil {
		return err
	}
	for _, r := range records {
		*checks++
		own, err := openWithXMod(r.proof.Checkpoint, v)
		if err != nil {
			return fmt.Errorf("proofs/%s: %w", r.name, err)
		}
		path := make(tlog.RecordProof, len(r.proof.Hashes))
		for i, hash := range r.proof.Hashes {
			path[i] = tlog.Hash(hash)
		}
		index := int64(r.proof.Index)
		if err := tlog.CheckRecord(path, own.tree.N, own.tree.Hash, index, tlog.RecordHash(r.entry)); err != nil {
			return fmt.Errorf("proofs/%s: %w", r.name, err)
		}
		if own.text != latest.text {
			if err := checkPrefix(latest.tree, own.tree.N, own.tree.Hash, reader); err != nil {
				return fmt.Errorf("proofs/%s: another tree: %w", r.name, err)
			}
		}
	}
	return nil
}

func checkPrefix(tree tlog.Tree, size int64, root tlog.Hash, reader tlog.HashReader) error {
	if size == tree.N && root == tree.Hash {
		return nil
	}
	path, err := tlog.ProveTree(tree.N, size, reader)
	if err != nil {
		return err
	}
	return tlog.CheckTree(path, tree.N, tree.Hash, size, root)
}

// tileReader gives x/mod our tiles: its own layout has a segment more for the height.
type tileReader struct{ pack }

func (tileReader) Height() int                     { return 8 }
func (tileReader) SaveTiles([]tlog.Tile, [][]byte) {}
func (t tileReader) path(tile tlog.Tile) string {
	return "tile/" + strings.TrimPrefix(tile.Path(), "tile/8/")
}

func (t tileReader) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	data := make([][]byte, len(tiles))
	for i, tile := range tiles {
		raw, err := t.read(t.path(tile))
		if err != nil && tile.W < 256 { // a narrower tile than what the log has by now
			raw, err = t.widest(tile)
		}
		if err != nil {
			return nil, err
		}
		if len(raw) < tile.W*tlog.HashSize {
			return nil, fmt.Errorf("%s: %d bytes", t.path(tile), len(raw))
		}
		data[i] = raw[:tile.W*tlog.HashSize]
	}
	return data, nil
}

func (t tileReader) widest(tile tlog.Tile) ([]byte, error) {
	for width := 256; width > tile.W; width-- {
		wider := tile
		wider.W = width
		if raw, err := t.read(t.path(wider)); err == nil {
			return raw, nil
		}
	}
	return nil, fmt.Errorf("%s: cannot be read", t.path(tile))
}

// showToMerkle: the root of all entries by compact range, inclusion of every proof in the pack, and consistency with
// the previous checkpoint. Signatures are not its business, so checkpoints are only parsed.
func (p pack) showToMerkle(checks *int) error {
	raw, err := p.read("checkpoint")
	if err != nil {
		return err
	}
	latest, err := parse(raw)
	if err != nil {
		return err
	}
	tree := (&compact.RangeFactory{Hash: rfc6962.DefaultHasher.HashChildren}).NewEmptyRange(0)
	var leaves [][]byte
	err = p.entries(latest.Size, func(_ uint64, entry []byte) error {
		*checks++
		hash := rfc6962.DefaultHasher.HashLeaf(entry)
		leaves = append(leaves, hash)
		return tree.Append(hash, nil)
	})
	if err != nil {
		return err
	}
	root := rfc6962.DefaultHasher.EmptyRoot()
	if latest.Size > 0 {
		if root, err = tree.GetRootHash(nil); err != nil {
			return err
		}
	}
	if !bytes.Equal(root, latest.Hash) {
		return fmt.Errorf("root of the entries is %x, the checkpoint says %x", root, latest.Hash)
	}
	records, err := p.records()
	if err != nil {
		return err
	}
	for _, r := range records {
		*checks++
		own, err := parse(r.proof.Checkpoint)
		if err != nil {
			return fmt.Errorf("proofs/%s: %w", r.name, err)
		}
		path := make([][]byte, len(r.proof.Hashes))
		for i, hash := range r.proof.Hashes {
			path[i] = hash[:]
		}
		leaf := rfc6962.DefaultHasher.HashLeaf(r.entry)
		err = proof.VerifyInclusion(rfc6962.DefaultHasher, r.proof.Index, own.Size, leaf, path, own.Hash)
		if err != nil {
			return fmt.Errorf("proofs/%s: %w", r.name, err)
		}
	}
	previous, err := p.read("previous-checkpoint")
	if err != nil {
		return nil
	}
	older, err := parse(previous)
	if err != nil {
		return err
	}
	*checks++
	return consistent(older, latest, leaves)
}

func consistent(older, latest log.Checkpoint, leaves [][]byte) error {
	nodes, err := proof.Consistency(older.Size, latest.Size)
	if err != nil {
		return err
	}
	var hashes [][]byte
	for _, id := range nodes.IDs {
		hashes = append(hashes, subtree(leaves, id))
	}
	path, err := nodes.Rehash(hashes, rfc6962.DefaultHasher.HashChildren)
	if err != nil {
		return err
	}
	return proof.VerifyConsistency(rfc6962.DefaultHasher, older.Size, latest.Size, path, older.Hash, latest.Hash)
}

func subtree(leaves [][]byte, id compact.NodeID) []byte {
	if id.Level == 0 {
		return leaves[id.Index]
	}
	left := subtree(leaves, compact.NewNodeID(id.Level-1, id.Index*2))
	right := subtree(leaves, compact.NewNodeID(id.Level-1, id.Index*2+1))
	return rfc6962.DefaultHasher.HashChildren(left, right)
}

func parse(raw []byte) (log.Checkpoint, error) {
	var checkpoint log.Checkpoint
	_, err := checkpoint.Unmarshal(raw)
	return checkpoint, err
}

// showToFormats: vkey, checkpoints and tlog-proofs through its parsers, which check signature and origin; and a proof
// written anew must be the same bytes.
func (p pack) showToFormats(checks *int) error {
	vkey, err := p.read("checkpoint.vkey")
	if err != nil {
		return err
	}
	verifier, err := f_note.NewVerifier(strings.TrimSuffix(string(vkey), "\n"))
	if err != nil {
		return err
	}
	open := func(path string, raw []byte) error {
		*checks++
		_, others, _, err := log.ParseCheckpoint(raw, verifier.Name(), verifier)
		if err == nil && len(others) > 0 {
			err = errors.New("lines beyond the three")
		}
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		return nil
	}
	for _, path := range []string{"checkpoint", "previous-checkpoint"} {
		raw, err := p.read(path)
		if err != nil && path != "checkpoint" {
			continue
		}
		if err != nil {
			return err
		}
		if err := open(path, raw); err != nil {
			return err
		}
	}
	records, err := p.records()
	if err != nil {
		return err
	}
	for _, r := range records {
		if err := open("proofs/"+r.name, r.proof.Checkpoint); err != nil {
			return err
		}
		if !bytes.Equal(r.proof.Marshal(), r.raw) {
			return fmt.Errorf("proofs/%s: written anew, it is not the same", r.name)
		}
	}
	return nil
}

// showToPolicy: Tessera's reader of witness policies, and whether the checkpoint satisfies the one in the pack.
func (p pack) showToPolicy(checks *int) error {
	raw, err := p.read("policy.tlog")
	if err != nil {
		return err
	}
	group, err := tessera.NewWitnessGroupFromPolicy(raw)
	if err != nil {
		return err
	}
	checkpoint, err := p.read("checkpoint")
	if err != nil {
		return err
	}
	*checks++
	if !group.Satisfied(checkpoint) {
		return errors.New("the checkpoint lacks the quorum of witnesses")
	}
	return nil
}
