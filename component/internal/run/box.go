package run

// What is given to user code as an interface, or as the slice of a variadic parameter, may
// be kept by it, so it is never used again. It is cut from pieces of this many, for one
// allocation each instead of one for each value.
const boxes = 64

// Rest cuts a slice for n variadic arguments of a call.
func (st *State) Rest(n int) []any {
	if len(st.rest) < n {
		st.rest = make([]any, max(n, boxes))
	}
	list := st.rest[:n:n]
	st.rest = st.rest[n:]
	return list
}

// BoxString is s in an interface.
func (st *State) BoxString(s string) any {
	if len(st.strings) == 0 {
		st.strings = make([]string, boxes)
	}
	box := &st.strings[0]
	st.strings = st.strings[1:]
	*box = s
	return anyOfString(box)
}
