// A C2SP witness that we did not write, for one log: the handler, rules and signatures are those of
// github.com/transparency-dev/witness. Prints one line of JSON with its address and key, then serves until killed.
package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"flag"
	"log"
	"net"
	"net/http"
	"os"

	f_note "github.com/transparency-dev/formats/note"
	"github.com/transparency-dev/witness/persistence/inmemory"
	"github.com/transparency-dev/witness/witness"
	"golang.org/x/mod/sumdb/note"
)

func main() {
	name := flag.String("name", "witness.test", "name of this witness")
	logKey := flag.String("log", "", "vkey of the only log it knows; its name is the log's origin")
	flag.Parse()
	verifier, err := note.NewVerifier(*logKey)
	must(err)
	secret, noteKey, err := note.GenerateKey(rand.Reader, *name)
	must(err)
	signer, err := f_note.NewSignerForCosignatureV1(secret)
	must(err)
	public, err := f_note.VKeyToCosignatureV1(noteKey)
	must(err)
	w, err := witness.New(context.Background(), witness.Opts{
		Persistence: inmemory.New(),
		Signers:     []note.Signer{signer},
		VerifierForLog: func(_ context.Context, origin string) (note.Verifier, bool, error) {
			return verifier, origin == verifier.Name(), nil
		},
	})
	must(err)
	mux := http.NewServeMux()
	mux.HandleFunc("POST /add-checkpoint", witness.NewHTTPHandler(w).AddCheckpoint)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(err)
	must(json.NewEncoder(os.Stdout).Encode(map[string]string{
		"url":  "http://" + listener.Addr().String(),
		"vkey": public,
	}))
	must(http.Serve(listener, mux))
}

func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
