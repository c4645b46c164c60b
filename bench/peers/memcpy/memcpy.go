// Package memcpy copies finished pages, which is less than any engine can do.
package memcpy

import (
	"github.com/ropewalk/ropewalk/bench/peer"
	"github.com/ropewalk/ropewalk/bench/peers/handwritten"
	"github.com/ropewalk/ropewalk/bench/workload"
)

// Engine copies the pages that handwritten renders.
func Engine() peer.Engine {
	return peer.Engine{Name: "memcpy", Cover: peer.Everywhere(peer.ByHand), Page: page, Bound: true}
}

func page(name workload.Name, data *workload.Set) (*peer.Page, error) {
	source, err := handwritten.Engine().Page(name, data)
	if err != nil {
		return nil, err
	}
	if err := source.Render(); err != nil {
		return nil, err
	}
	document := source.Output()
	return peer.Appended(func(b []byte) []byte { return append(b, document...) }), nil
}
