// Command strangers puts what Assay writes before code that Assay did not write: golang.org/x/mod,
// transparency-dev/{merkle,formats} and Tessera's parsers. It judges nothing itself.
//
//	strangers pack      one JSON request a line: {"dir":"<pack>"}; one JSON report a line
//	strangers trees     proofs over the leaves "0", "1", … a line each (see trees.go); one JSON report at the end
//	strangers notes     {"note":…,"vkey":…} a line, base64; {"opened":bool,…} a line
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
)

func main() {
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "strangers pack|trees|notes")
		os.Exit(2)
	}
	var err error
	switch os.Args[1] {
	case "pack":
		err = eachLine(os.Stdin, os.Stdout, checkPack)
	case "trees":
		err = checkTrees(os.Stdin, os.Stdout)
	case "notes":
		err = eachLine(os.Stdin, os.Stdout, openNote)
	default:
		err = fmt.Errorf("no such command: %s", os.Args[1])
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
}

// eachLine answers every line of JSON with a line of JSON, so that one process serves thousands of requests.
func eachLine[Q, A any](in io.Reader, out io.Writer, answer func(Q) A) error {
	lines := bufio.NewReaderSize(in, 1<<20)
	encoder := json.NewEncoder(out)
	for {
		line, err := lines.ReadBytes('\n')
		if len(line) > 1 {
			var question Q
			if err := json.Unmarshal(line, &question); err != nil {
				return fmt.Errorf("request is not JSON: %w", err)
			}
			if err := encoder.Encode(answer(question)); err != nil {
				return err
			}
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}
