package main

import (
	"github.com/transparency-dev/formats/log"
	"golang.org/x/mod/sumdb/note"
)

type noteRequest struct {
	Note []byte `json:"note"`
	Vkey string `json:"vkey"`
}

type noteReport struct {
	// Opened is the answer of golang.org/x/mod/sumdb/note; Refused its reason.
	Opened  bool   `json:"opened"`
	Text    string `json:"text,omitempty"`
	Refused string `json:"refused,omitempty"`
	// Checkpoint is whether transparency-dev/formats takes it for a checkpoint of the key's log.
	Checkpoint bool   `json:"checkpoint"`
	Size       uint64 `json:"size"`
	Root       []byte `json:"root,omitempty"`
}

func openNote(request noteRequest) noteReport {
	verifier, err := note.NewVerifier(request.Vkey)
	if err != nil {
		return noteReport{Refused: err.Error()}
	}
	opened, err := note.Open(request.Note, note.VerifierList(verifier))
	if err != nil {
		return noteReport{Refused: err.Error()}
	}
	report := noteReport{Opened: true, Text: opened.Text}
	checkpoint, others, _, err := log.ParseCheckpoint(request.Note, verifier.Name(), verifier)
	if err == nil && len(others) == 0 {
		report.Checkpoint, report.Size, report.Root = true, checkpoint.Size, checkpoint.Hash
	}
	return report
}
