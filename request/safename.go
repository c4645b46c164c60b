package request

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxName is less than what file systems hold, so that something can be put
// before or behind a name.
const maxName = 200

// SafeName turns the name of an uploaded file, which can be anything, into one
// that is a single new file in whatever folder it is put, on Unix and on Windows:
// without folders, drives, streams and control characters, not hidden, not the
// name of a device and no longer than 200 bytes. It is never empty. It is not
// unique: two files may have the same.
func SafeName(name string) string {
	name = strings.ToValidUTF8(name, "_")
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	name = strings.Map(safeRune, name)
	name = strings.Trim(name, ". ") // hidden here, cut off there
	name = shorten(name)
	switch {
	case name == "":
		return "file"
	case isDevice(name), name[0] == '-', name[0] == '~':
		return "_" + name
	}
	return name
}

func safeRune(r rune) rune {
	switch {
	case strings.ContainsRune(`<>:"|?*`, r), unicode.IsSpace(r) && r != ' ':
		return '_'
	case !unicode.IsPrint(r): // also what turns the direction of writing
		return -1
	}
	return r
}

// isDevice reports whether Windows takes the name for a device, whatever its
// extension.
func isDevice(name string) bool {
	base, _, _ := strings.Cut(name, ".")
	base = strings.ToUpper(strings.TrimRight(base, " "))
	switch base {
	case "CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$", "CLOCK$":
		return true
	}
	port, ok := strings.CutPrefix(base, "COM")
	if !ok {
		port, ok = strings.CutPrefix(base, "LPT")
	}
	return ok && utf8.RuneCountInString(port) == 1 && strings.Contains("0123456789¹²³", port)
}

// shorten cuts what is before the extension, between characters.
func shorten(name string) string {
	if len(name) <= maxName {
		return name
	}
	ext := ""
	if i := strings.LastIndexByte(name, '.'); i >= 0 && len(name)-i <= 20 {
		name, ext = name[:i], name[i:]
	}
	cut := maxName - len(ext)
	for !utf8.RuneStart(name[cut]) {
		cut--
	}
	return strings.TrimRight(name[:cut], ". ") + ext
}
