package run

// Component renders a component in place.
func (st *State) Component(b []byte, c Component) []byte {
	if c == nil {
		return b
	}
	if r, ok := c.(*Rendering); ok {
		return r.append(st, b)
	}
	if st.out == nil {
		if _, err := st.w.Write(b); err != nil {
			panic(componentError{err})
		}
		if err := c.Render(st.ctx, st.w); err != nil {
			panic(componentError{err})
		}
		return b[:0]
	}
	if err := st.out.Give(b); err != nil {
		panic(componentError{err})
	}
	st.out.Share(c)
	if err := c.Render(st.ctx, st.out); err != nil {
		panic(componentError{err})
	}
	return st.out.Take()
}
