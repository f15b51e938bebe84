package main

import (
	"bufio"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/transparency-dev/merkle/proof"
	"github.com/transparency-dev/merkle/rfc6962"
	"golang.org/x/mod/sumdb/tlog"
)

type treesReport struct {
	Roots       int      `json:"roots"`
	Inclusion   int      `json:"inclusion"`
	Consistency int      `json:"consistency"`
	Refused     int      `json:"refused"`
	Examples    []string `json:"examples"`
}

// checkTrees reads, a line each, about the log whose leaf i is the decimal number i:
//
//	n <size>                            so many leaves, first line
//	r <size> <root>                     the root of its first leaves
//	i <index> <size> <hash>…            an inclusion proof
//	c <old size> <size> <hash>…         a consistency proof
//
// Roots are computed here and compared. Proofs are compared with the ones x/mod makes, and checked by x/mod and by
// transparency-dev/merkle. A line on which the two do not agree counts as refused, with that as its reason.
func checkTrees(in io.Reader, out io.Writer) error {
	lines := bufio.NewScanner(in)
	lines.Buffer(make([]byte, 1<<16), 1<<20)
	var report treesReport
	var forest *forest
	for lines.Scan() {
		fields := strings.Split(lines.Text(), " ")
		if forest == nil {
			size, err := strconv.ParseInt(fields[len(fields)-1], 10, 64)
			if err != nil || fields[0] != "n" {
				return errors.New("the first line says how many leaves")
			}
			if forest, err = plant(size); err != nil {
				return err
			}
			continue
		}
		if err := forest.judge(fields, &report); err != nil {
			report.Refused++
			if len(report.Examples) < 20 {
				report.Examples = append(report.Examples, lines.Text()+": "+err.Error())
			}
		}
	}
	if err := lines.Err(); err != nil {
		return err
	}
	return json.NewEncoder(out).Encode(report)
}

// forest is the log at all its sizes; roots are computed when they are asked for.
type forest struct {
	size   int64
	stored []tlog.Hash
	roots  map[int64]tlog.Hash
}

func (f *forest) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	hashes := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		hashes[i] = f.stored[index]
	}
	return hashes, nil
}

func plant(size int64) (*forest, error) {
	f := &forest{size: size, roots: map[int64]tlog.Hash{0: tlog.Hash(rfc6962.DefaultHasher.EmptyRoot())}}
	for i := range size {
		hashes, err := tlog.StoredHashes(i, []byte(strconv.FormatInt(i, 10)), f)
		if err != nil {
			return nil, err
		}
		f.stored = append(f.stored, hashes...)
	}
	return f, nil
}

func (f *forest) root(size int64) (tlog.Hash, error) {
	if root, known := f.roots[size]; known {
		return root, nil
	}
	root, err := tlog.TreeHash(size, f)
	f.roots[size] = root
	return root, err
}

func (f *forest) judge(fields []string, report *treesReport) error {
	numbers := 2
	if fields[0] == "r" {
		numbers = 1
	}
	if len(fields) < numbers+1 {
		return errors.New("too few words")
	}
	var at [2]int64
	for i := range numbers {
		number, err := strconv.ParseInt(fields[i+1], 10, 64)
		if err != nil || number < 0 || number > f.size {
			return errors.New("no such size")
		}
		at[i] = number
	}
	var hashes []tlog.Hash
	for _, word := range fields[numbers+1:] {
		raw, err := base64.StdEncoding.DecodeString(word)
		if err != nil || len(raw) != tlog.HashSize {
			return errors.New("not a hash")
		}
		hashes = append(hashes, tlog.Hash(raw))
	}
	switch fields[0] {
	case "r":
		report.Roots++
		root, err := f.root(at[0])
		if err == nil && (len(hashes) != 1 || hashes[0] != root) {
			err = errors.New("x/mod has another root")
		}
		return err
	case "i":
		report.Inclusion++
		return f.judgeInclusion(at[0], at[1], hashes)
	case "c":
		report.Consistency++
		return f.judgeConsistency(at[0], at[1], hashes)
	}
	return fmt.Errorf("no such line: %s", fields[0])
}

func (f *forest) judgeInclusion(index, size int64, hashes []tlog.Hash) error {
	leaf := tlog.RecordHash([]byte(strconv.FormatInt(index, 10)))
	root, err := f.root(size)
	if err != nil {
		return err
	}
	theirs := proof.VerifyInclusion(rfc6962.DefaultHasher, uint64(index), uint64(size), leaf[:], raw(hashes), root[:])
	if err := agree(tlog.CheckRecord(hashes, size, root, index, leaf), theirs); err != nil {
		return err
	}
	made, err := tlog.ProveRecord(size, index, f)
	return same(made, hashes, err)
}

func (f *forest) judgeConsistency(old, size int64, hashes []tlog.Hash) error {
	before, err := f.root(old)
	if err != nil {
		return err
	}
	after, err := f.root(size)
	if err != nil {
		return err
	}
	theirs := proof.VerifyConsistency(rfc6962.DefaultHasher, uint64(old), uint64(size), raw(hashes), before[:], after[:])
	if old == 0 {
		return theirs // x/mod has no proof from nothing; RFC 9162 takes the empty one
	}
	if err := agree(tlog.CheckTree(hashes, size, after, old, before), theirs); err != nil {
		return err
	}
	made, err := tlog.ProveTree(size, old, f)
	return same(made, hashes, err)
}

func agree(xmod, merkle error) error {
	if (xmod == nil) != (merkle == nil) {
		return fmt.Errorf("x/mod: %v, merkle: %v", xmod, merkle)
	}
	return xmod
}

func same[P ~[]tlog.Hash](made P, given []tlog.Hash, err error) error {
	if err != nil {
		return err
	}
	if len(made) != len(given) {
		return errors.New("x/mod makes a proof of another length")
	}
	for i := range made {
		if made[i] != given[i] {
			return errors.New("x/mod makes another proof")
		}
	}
	return nil
}

func raw(hashes []tlog.Hash) [][]byte {
	list := make([][]byte, len(hashes))
	for i := range hashes {
		list[i] = hashes[i][:]
	}
	return list
}
