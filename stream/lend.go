package stream

// A component that appends to the Writer's own buffer saves a copy. A buffer that fits the
// text so far would have to grow again and again while it is appended to. So Take lends a slab
// instead, and Give moves the text to a buffer that fits.

// lendCredit is what a part is charged for, at the least, while it appends.
const lendCredit = 4 << 10

// Take lends the buffer of the document, for a component that appends to it without
// a copy. Until it is given back with [Writer.Give] nothing else of w may be used.
// What is in it already must stay. Take waits where Write would; how much is appended
// then is not bounded, so what is large is better written in pieces.
func (w *Writer) Take() []byte {
	w.lent = nil
	n := 1
	if w.part != nil && cap(w.b) >= firstSlab {
		n = lendCredit
	}
	if len(w.b)+n > w.limit {
		if _, err := w.prepare(n); err == errFull {
			w.wait(n)
		} // another error is noted, and Give returns it
	}
	if w.buf == nil || cap(w.b) >= firstSlab {
		return w.b
	}
	w.reserve()
	w.lent = pool.slab()
	return append(w.lent.B, w.b...)
}

// reserve charges a part in advance for what it may append to a slab.
func (w *Writer) reserve() {
	if w.part == nil {
		return
	}
	n := w.r.possible(lendCredit)
	if more := n - (w.credited - len(w.b)); more <= 0 {
		return
	} else if w.r.take(more) == nil {
		w.credited += more
		w.reserved = more
		return
	}
	w.wait(n) // it has the credit then
}

// Give returns the buffer that Take lent, with what was appended. Its error is that
// of Write.
func (w *Writer) Give(b []byte) error {
	switch {
	case w.lent != nil:
		return w.giveBack(b)
	case len(b) <= min(w.limit, w.r.spill-1):
		w.b = b
		return nil
	}
	return w.give(b)
}

func (w *Writer) give(b []byte) error {
	switch {
	case w.err != nil:
		return w.err
	case w.buf == nil:
		return errEnded
	}
	w.b, w.buf.B = b, b
	if w.part != nil {
		w.r.charge(cost(w.buf) - w.credited)
		w.credited, w.reserved, w.limit = cost(w.buf), 0, len(b)
	}
	return w.handOn()
}

// giveBack is Give of the slab that was lent. It becomes the segment's buffer if it does not take more than
// a buffer that fits.
func (w *Writer) giveBack(b []byte) error {
	slab := w.lent
	w.lent = nil
	slab.B = b
	switch {
	case w.err != nil || w.buf == nil:
		pool.put(slab, w.r.spill)
	case len(b) <= min(w.limit, w.r.spill-1):
		w.b = append(w.b, b[len(w.b):]...)
		pool.put(slab, w.r.spill)
		if w.reserved > 0 {
			w.r.charge(-w.reserved)
			w.credited -= w.reserved
			w.reserved = 0
		}
		return nil
	case w.part == nil || cap(b) <= max(w.credited, capacity(len(b))):
		pool.put(w.buf, w.r.spill)
		w.setBuffer(slab)
	default:
		w.b = b
		w.moveText(pool.fit(len(b)))
		pool.put(slab, w.r.spill)
	}
	return w.give(w.b)
}
