package request

// Limits bounds what one request may make the program do. The zero value has
// the defaults below; a larger form is a field set, not a switch turned off.
type Limits struct {
	// Body is how many bytes of body are read. Default 1 MiB. Uploaded files are
	// kept in memory, so this bounds them too; read larger ones as a stream, with
	// http.Request.MultipartReader.
	Body int64

	// Fields is how many values a form or query may hold. Default 1000.
	Fields int

	// Elements is how many elements a slice may get. Default 100. All slices of
	// structs together get ten times Fields at most.
	Elements int

	// Files is how many files a form may upload. Default 16.
	Files int

	// Strict refuses fields the struct does not have; by default they are
	// ignored.
	Strict bool
}

func (l Limits) withDefaults() Limits {
	if l.Body <= 0 {
		l.Body = 1 << 20
	}
	if l.Fields <= 0 {
		l.Fields = 1000
	}
	if l.Elements <= 0 {
		l.Elements = 100
	}
	if l.Files <= 0 {
		l.Files = 16
	}
	return l
}

// chosen returns the limits a variadic last argument gives: the last counts.
func chosen(limits []Limits) Limits {
	if len(limits) == 0 {
		return Limits{}.withDefaults()
	}
	return limits[len(limits)-1].withDefaults()
}
