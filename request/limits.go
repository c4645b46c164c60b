package request

// Limits bounds what one request may make the program do. The zero value has
// the defaults below; a larger form is a field set, not a switch turned off.
type Limits struct {
	// Body is how many bytes of body are read. Default 1 MiB. Form keeps uploaded
	// files in memory, so this bounds them too; [Stream] does not.
	Body int64

	// Fields is how many values a form or query may hold. Default 1000.
	Fields int

	// Elements is how many elements a slice or a map of a form may get. Default
	// 100.
	Elements int

	// Values is how many values a JSON body may hold, each object, array and
	// element of one counted. Default 10,000.
	Values int

	// Depth is how deep objects and arrays of a JSON body may lie in one another.
	// Default 32.
	Depth int

	// Files is how many files a form may upload. Default 16.
	Files int

	// File is how many bytes each of them may have. Default Body.
	File int64

	// Strict refuses fields the struct does not have, and values that are not
	// percent-encoded as they should be, whatever their name; by default both are
	// ignored if they are not for the struct.
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
	if l.Values <= 0 {
		l.Values = 10_000
	}
	if l.Depth <= 0 {
		l.Depth = 32
	}
	if l.Files <= 0 {
		l.Files = 16
	}
	if l.File <= 0 {
		l.File = l.Body
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
