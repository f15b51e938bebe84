// Command torchwood is what stands around Torchwood's own programs in our tests; litewitness and spicy themselves are
// built beside it, unmodified (the `tool` lines of go.mod). It judges nothing itself.
//
//	torchwood keep -dir <folder> -log <vkey>  makes the files litewitness starts from: its database with one log, as
//	                                          witnessctl would (which needs a module that the proxy does not serve),
//	                                          and an ssh-agent with a fresh key; serves the agent until killed
//	torchwood policies                        {"policy":…,"checkpoint":…} a line, base64; {"refused":…} a line: what
//	                                          Torchwood's own reader of policies says of the checkpoint
package main

import (
	"bufio"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/json"
	"flag"
	"log"
	"net"
	"os"
	"path/filepath"

	"filippo.io/torchwood"
	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"
)

func main() {
	log.SetFlags(0)
	switch {
	case len(os.Args) > 1 && os.Args[1] == "keep":
		keep(os.Args[2:])
	case len(os.Args) > 1 && os.Args[1] == "policies":
		policies()
	default:
		log.Fatal("torchwood keep|policies")
	}
}

func keep(args []string) {
	flags := flag.NewFlagSet("keep", flag.ExitOnError)
	dir := flags.String("dir", "", "folder of witness.db and agent.sock")
	vkey := flags.String("log", "", "the only log the witness knows")
	must(flags.Parse(args))
	verifier, err := note.NewVerifier(*vkey)
	must(err)
	must(writeDatabase(filepath.Join(*dir, "witness.db"), verifier.Name(), *vkey))

	_, key, err := ed25519.GenerateKey(rand.Reader)
	must(err)
	signer, err := ssh.NewSignerFromKey(key)
	must(err)
	keyring := agent.NewKeyring()
	must(keyring.Add(agent.AddedKey{PrivateKey: key}))
	listener, err := net.Listen("unix", filepath.Join(*dir, "agent.sock"))
	must(err)
	must(json.NewEncoder(os.Stdout).Encode(map[string]string{
		"fingerprint": ssh.FingerprintSHA256(signer.PublicKey()),
	}))
	for {
		connection, err := listener.Accept()
		must(err)
		go func() { _ = agent.ServeAgent(keyring, connection) }()
	}
}

// writeDatabase: the tables are those that litewitness makes when it starts, the rows those of `witnessctl add-log`
// and `add-key`.
func writeDatabase(path, origin, vkey string) error {
	db, err := sqlite.OpenConn(path)
	if err != nil {
		return err
	}
	empty, err := tlog.TreeHash(0, nil)
	if err != nil {
		return err
	}
	err = sqlitex.ExecScript(db, `
		CREATE TABLE log (origin TEXT PRIMARY KEY, tree_size INTEGER NOT NULL, tree_hash TEXT NOT NULL);
		CREATE TABLE key (origin TEXT NOT NULL, key TEXT NOT NULL, FOREIGN KEY(origin) REFERENCES log(origin));
	`)
	if err != nil {
		return err
	}
	insertLog := "INSERT INTO log (origin, tree_size, tree_hash) VALUES (?, 0, ?)"
	if err := sqlitex.Execute(db, insertLog, &sqlitex.ExecOptions{Args: []any{origin, empty.String()}}); err != nil {
		return err
	}
	insertKey := "INSERT INTO key (origin, key) VALUES (?, ?)"
	if err := sqlitex.Execute(db, insertKey, &sqlitex.ExecOptions{Args: []any{origin, vkey}}); err != nil {
		return err
	}
	return db.Close()
}

type policyRequest struct {
	Policy     []byte `json:"policy"`
	Checkpoint []byte `json:"checkpoint"`
}

type policyReport struct {
	Refused string `json:"refused,omitempty"`
}

func policies() {
	questions := json.NewDecoder(bufio.NewReader(os.Stdin))
	answers := json.NewEncoder(os.Stdout)
	for questions.More() {
		var question policyRequest
		must(questions.Decode(&question))
		report := policyReport{}
		if err := satisfies(question.Policy, question.Checkpoint); err != nil {
			report.Refused = err.Error()
		}
		must(answers.Encode(report))
	}
}

func satisfies(rules, checkpoint []byte) error {
	policy, err := torchwood.ParsePolicy(rules)
	if err != nil {
		return err
	}
	opened, err := note.Open(checkpoint, policy)
	if err != nil {
		return err
	}
	parsed, err := torchwood.ParseCheckpoint(opened.Text)
	if err != nil {
		return err
	}
	return policy.Check(parsed.Origin, opened.Sigs)
}

func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
