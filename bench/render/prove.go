package render

import (
	"bytes"
	"fmt"

	"github.com/ropewalk/ropewalk/bench/peer"
	"github.com/ropewalk/ropewalk/bench/same"
	"github.com/ropewalk/ropewalk/bench/workload"
)

// Prove renders a page with the engine, twice to memory and once to a writer,
// and returns it if it is the document that html/template makes of the data.
func Prove(e peer.Engine, name workload.Name, data *workload.Set) (*peer.Page, error) {
	page, err := e.Page(name, data)
	if err != nil {
		return nil, fmt.Errorf("render: %s of %s: %w", name, e.Name, err)
	}
	first, err := document(page)
	if err != nil {
		return nil, fmt.Errorf("render: %s of %s: %w", name, e.Name, err)
	}
	second, err := document(page)
	if err != nil {
		return nil, fmt.Errorf("render: %s of %s: %w", name, e.Name, err)
	}
	if !bytes.Equal(first, second) {
		return nil, fmt.Errorf("render: %s of %s: two renders of the same data differ", name, e.Name)
	}
	var written bytes.Buffer
	if err := page.Write(&written); err != nil {
		return nil, fmt.Errorf("render: %s of %s: %w", name, e.Name, err)
	}
	if !bytes.Equal(first, written.Bytes()) {
		return nil, fmt.Errorf("render: %s of %s: a writer gets another document than memory", name, e.Name)
	}
	want, err := reference(name, data)
	if err != nil {
		return nil, err
	}
	if err := same.Documents(first, want); err != nil {
		return nil, fmt.Errorf("render: %s of %s is not the document of %s: %w", name, e.Name, Reference, err)
	}
	return page, nil
}

func reference(name workload.Name, data *workload.Set) ([]byte, error) {
	return Document(Reference, name, data)
}

// document renders the page and copies its output.
func document(page *peer.Page) ([]byte, error) {
	if err := page.Render(); err != nil {
		return nil, err
	}
	return bytes.Clone(page.Output()), nil
}

// Document is an engine's document.
func Document(engine string, name workload.Name, data *workload.Set) ([]byte, error) {
	e, err := Engine(engine)
	if err != nil {
		return nil, err
	}
	page, err := e.Page(name, data)
	if err != nil {
		return nil, fmt.Errorf("render: %s of %s: %w", name, engine, err)
	}
	return document(page)
}
