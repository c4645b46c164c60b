package stream

// A component that appends to the Writer's own buffer saves a copy. Where that is one that
// fits its text, it would have to grow again and again: who appends may make much. So a page
// is lent in its stead, and what is in it afterwards is moved to a buffer that fits.

// lendGrant is what a part is charged for, at the least, while it appends.
const lendGrant = 4 << 10

// Take lends the buffer of the document, for a component that appends to it without
// a copy. Until it is given back with [Writer.Give] nothing else of w may be used.
// What is in it already must stay. Take waits where Write would; how much is appended
// then is not bounded, so what is large is better written in pieces.
func (w *Writer) Take() []byte {
	w.lent = nil
	n := 1
	if w.part != nil && cap(w.b) >= firstPage {
		n = lendGrant
	}
	if len(w.b)+n > w.limit {
		if _, err := w.room(n); err == errFull {
			w.wait(n)
		} // another error is noted, and Give returns it
	}
	if w.buf == nil || cap(w.b) >= firstPage {
		return w.b
	}
	w.reserve()
	w.lent = pool.page()
	return append(w.lent.B, w.b...)
}

// reserve charges a part in advance for what it may append to a page.
func (w *Writer) reserve() {
	if w.part == nil {
		return
	}
	n := w.r.possible(lendGrant)
	if more := n - (w.granted - len(w.b)); more <= 0 {
		return
	} else if w.r.take(more) == nil {
		w.granted += more
		w.reserved = more
		return
	}
	w.wait(n) // it has the room then
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
		w.r.charge(cost(w.buf) - w.granted)
		w.granted, w.reserved, w.limit = cost(w.buf), 0, len(b)
	}
	return w.handOn()
}

// giveBack is Give of the page that was lent. It is used up if it does not take more than
// a buffer that fits.
func (w *Writer) giveBack(b []byte) error {
	page := w.lent
	w.lent = nil
	page.B = b
	switch {
	case w.err != nil || w.buf == nil:
		pool.put(page, w.r.spill)
	case len(b) <= min(w.limit, w.r.spill-1):
		w.b = append(w.b, b[len(w.b):]...)
		pool.put(page, w.r.spill)
		if w.reserved > 0 {
			w.r.charge(-w.reserved)
			w.granted -= w.reserved
			w.reserved = 0
		}
		return nil
	case w.part == nil || cap(b) <= max(w.granted, capacity(len(b))):
		pool.put(w.buf, w.r.spill)
		w.setBuffer(page)
	default:
		w.b = b
		w.moveText(pool.fit(len(b)))
		pool.put(page, w.r.spill)
	}
	return w.give(w.b)
}
