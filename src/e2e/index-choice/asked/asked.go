// Package asked is what the programs of this folder have in common: a question a line on standard input, an answer a
// line on standard output. Each program answers with the code of one container runtime.
//
// The first line is an object of documents by digest, as a registry would hold them. Every other line asks which of
// them a node takes out of an index.
package asked

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
)

// Question is one line.
type Question struct {
	OS           string `json:"os"`
	Architecture string `json:"architecture"`
	Variant      string `json:"variant"`
	OSVersion    string `json:"osVersion"`
	// Index is the document, byte for byte.
	Index string `json:"index"`
}

// None is the answer where the runtime takes nothing.
const None = "-"

// Serve answers until the input ends.
func Serve(answer func(documents Documents, question Question) string) {
	in := bufio.NewReaderSize(os.Stdin, 1<<20)
	out := bufio.NewWriterSize(os.Stdout, 1<<20)
	defer out.Flush()
	lines := json.NewDecoder(in)
	var documents Documents
	must(lines.Decode(&documents))
	for {
		var question Question
		err := lines.Decode(&question)
		if err == io.EOF {
			return
		}
		must(err)
		fmt.Fprintln(out, answer(documents, question))
	}
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// Documents by digest.
type Documents map[string]string

// Blob is one of them, as containerd's content store has it.
type Blob struct{ text string }

// Open finds one.
func (documents Documents) Open(digest string) (*Blob, error) {
	text, found := documents[digest]
	if !found {
		return nil, fmt.Errorf("no %s: %w", digest, os.ErrNotExist)
	}
	return &Blob{text}, nil
}

func (b *Blob) ReadAt(into []byte, offset int64) (int, error) {
	if offset >= int64(len(b.text)) {
		return 0, io.EOF
	}
	n := copy(into, b.text[offset:])
	if n < len(into) {
		return n, io.EOF
	}
	return n, nil
}

func (b *Blob) Close() error { return nil }

func (b *Blob) Size() int64 { return int64(len(b.text)) }
