package escape

// What text and quoted attributes escape; every other byte stays, part of valid UTF-8 or not.
var htmlReplacements = map[byte]string{
	0:    "\uFFFD",
	'"':  "&#34;",
	'&':  "&amp;",
	'\'': "&#39;",
	'+':  "&#43;",
	'<':  "&lt;",
	'>':  "&gt;",
}

var htmlTable = func() *table {
	t := &table{}
	for c, r := range htmlReplacements {
		t.set(c, r)
	}
	t.seal()
	return t
}()

// HTML appends s as html/template writes a string in text, in a textarea or title, and in a quoted attribute.
func HTML(b []byte, s string) []byte {
	b, _ = htmlTable.append(b, s)
	return b
}
