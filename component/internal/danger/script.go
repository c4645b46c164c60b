package danger

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// A script follows JavaScript through its static text, so that what is known of an
// action in it is where a browser finds its data: as a value, or within a string, a
// template literal, a regexp or a comment. It is a tokenizer and no parser: where only
// a parser could tell what a slash is, it says that it does not know.
//
// The zero value is the beginning of a script.
type script struct {
	mode    scriptMode
	quote   byte   // of inString
	escaped bool   // a backslash was last, in a literal
	dollar  bool   // a $ was last, in a template literal
	star    bool   // a * was last, in a block comment
	open    string // the brackets around, one byte each; see below
	last    token  // what the last token was, for the slash behind it
	word    string // the identifier or number that is being read; "" between words
	member  bool   // the word is behind a dot
	marks   string // the last of the punctuation that is being read, at most three bytes
	doubt   string // why nothing is known any more
}

type scriptMode uint8

const (
	inCode scriptMode = iota
	inSlash
	inString
	inTemplate
	inRegexp
	inClass // of a regexp
	inFlags // of a regexp
	inLineComment
	inBlockComment
	inDoubt
)

// A token is what decides whether a slash behind it divides or begins a regexp.
type token uint8

const (
	start     token = iota // of a statement: it begins a regexp, and an object would be a block
	operator               // it begins a regexp
	operand                // it divides
	label                  // or the colon behind it: it begins a regexp, and an object may be a block
	either                 // only a parser could say
	statement              // the word before a parenthesis: if, while, for, with
)

// The brackets of script.open.
const (
	paren          = '('
	statementParen = 'i' // of an if, while, for or with
	eitherParen    = '?' // of one of those, or not
	bracket        = '['
	block          = 'b' // of statements
	brace          = '{' // of a block or an object
	substitution   = '$' // ${ in a template literal
)

// longestWord is more than any keyword has.
const longestWord = 12

// mostOpen bounds the brackets within one another, so that a loop that opens more and more comes to an end.
const mostOpen = 500

// text moves the script through static text.
func (s *script) text(text string) {
	for i := 0; i < len(text) && s.mode != inDoubt; {
		r, size := utf8.DecodeRuneInString(text[i:])
		if r == utf8.RuneError && size == 1 {
			s.lose("it is not valid UTF-8")
			return
		}
		i += size
		s.step(r)
	}
}

func (s *script) lose(why string) { *s = script{mode: inDoubt, doubt: why} }

func (s *script) step(r rune) {
	switch s.mode {
	case inCode:
		s.code(r)
	case inSlash:
		s.slash(r)
	case inString:
		s.inString(r)
	case inTemplate:
		s.template(r)
	case inRegexp, inClass:
		s.regexp(r)
	case inFlags:
		s.flags(r)
	case inLineComment:
		if isLineEnd(r) {
			s.mode = inCode
		}
	case inBlockComment:
		if s.star && r == '/' {
			s.mode, s.star = inCode, false
			return
		}
		s.star = r == '*'
	}
}

// code reads code between literals and comments.
func (s *script) code(r rune) {
	switch {
	case isWordPart(r):
		s.marks = ""
		if len(s.word) < longestWord {
			s.word += string(r)
		}
		return
	case r == '.' && s.word != "" && isDigit(s.word[0]): // within a number
		return
	case s.word != "":
		s.endWord()
	}
	switch r {
	case '"', '\'':
		s.literal(inString, byte(r))
	case '`':
		s.literal(inTemplate, 0)
	case '/':
		s.mode = inSlash
	case '\\':
		s.lose("a backslash stands outside of its strings")
	case '#':
		s.punctuation(r, operator)
		s.member = true // a private name, which no keyword is
	case '(', '[', '{':
		s.opening(r)
	case ')', ']', '}':
		s.closing(r)
	case ';':
		s.punctuation(r, start)
	default:
		if isSpace(r) || isLineEnd(r) {
			s.marks = ""
			return
		}
		s.operator(r)
	}
}

// operator reads punctuation that is no bracket.
func (s *script) operator(r rune) {
	s.punctuation(r, operator)
	switch s.marks {
	case "<!-", "!--", "-->": // of the comments that are HTML's
		s.lose("an HTML comment may begin in it")
	case "#!":
		s.lose("a #! stands in it")
	}
	switch {
	case strings.HasSuffix(s.marks, "++"), strings.HasSuffix(s.marks, "--"):
		s.last = either // it may stand before or behind a value
	case strings.HasSuffix(s.marks, "=>"), r == ':':
		s.last = label
	}
	s.member = r == '.' && !strings.HasSuffix(s.marks, "..")
}

func (s *script) punctuation(r rune, t token) {
	s.marks += string(r)
	if len(s.marks) > 3 {
		s.marks = s.marks[len(s.marks)-3:]
	}
	s.last, s.member = t, false
}

func (s *script) literal(mode scriptMode, quote byte) {
	s.mode, s.quote, s.marks, s.member = mode, quote, "", false
}

// endWord is called when a word is read whole.
func (s *script) endWord() {
	s.last = operand
	if !s.member {
		s.last = tokenOf(s.word)
	}
	s.word, s.member = "", false
}

func tokenOf(word string) token {
	switch word {
	case "if", "while", "for", "with":
		return statement
	case "return", "throw", "case", "in", "instanceof", "typeof", "void", "delete", "new", "extends", "default":
		return operator
	case "else", "do":
		return start
	case "await", "yield", "of", "async", "let", "static",
		"break", "continue", "debugger", "var", "const", "function", "class", "import", "export", "try", "finally", "switch", "catch":
		return either
	}
	return operand
}

func (s *script) opening(r rune) {
	kind := byte(r)
	switch {
	case r == '(' && s.last == statement:
		kind = statementParen
	case r == '(' && s.last == either:
		kind = eitherParen
	case r == '{' && s.last == start:
		kind = block
	}
	s.push(kind)
	if r == '{' {
		s.punctuation(r, start)
	} else {
		s.punctuation(r, operator)
	}
	s.marks = ""
}

func (s *script) push(kind byte) {
	if len(s.open) >= mostOpen {
		s.lose("its brackets are too deep")
		return
	}
	s.open += string(kind)
}

func (s *script) closing(r rune) {
	var kind byte
	if n := len(s.open); n > 0 {
		kind, s.open = s.open[n-1], s.open[:n-1]
	}
	s.marks, s.member = "", false
	switch {
	case r == '}' && kind == substitution:
		s.literal(inTemplate, 0)
	case r == '}' && kind == block:
		s.last = start
	case r == '}' && kind == brace:
		s.last = either // of an object or a block
	case r == ']' && kind == bracket, r == ')' && kind == paren:
		s.last = operand
	case r == ')' && kind == statementParen:
		s.last = start
	case r == ')' && kind == eitherParen:
		s.last = either
	default:
		s.lose("its brackets do not match")
	}
}

// slash reads what is behind a slash in code.
func (s *script) slash(r rune) {
	switch {
	case r == '/':
		s.mode, s.marks = inLineComment, ""
		return
	case r == '*':
		s.mode, s.marks = inBlockComment, ""
		return
	}
	if s.decideSlash(); s.mode != inDoubt {
		s.step(r)
	}
}

// decideSlash takes the last slash for what it must be.
func (s *script) decideSlash() {
	switch s.last {
	case operator, start, label:
		s.literal(inRegexp, 0)
	case operand:
		s.mode = inCode
		s.punctuation('/', operator)
	default:
		s.lose("a / before it may divide or begin a regexp")
	}
}

func (s *script) inString(r rune) {
	switch {
	case s.escaped:
		s.escaped = false
	case r == '\\':
		s.escaped = true
	case r == rune(s.quote):
		s.mode, s.last = inCode, operand
	case r == '\n' || r == '\r':
		s.lose("a string in it has no end on its line")
	}
}

func (s *script) template(r rune) {
	dollar := s.dollar
	s.dollar = false
	switch {
	case s.escaped:
		s.escaped = false
	case r == '\\':
		s.escaped = true
	case r == '`':
		s.mode, s.last = inCode, operand
	case r == '{' && dollar:
		s.push(substitution)
		if s.mode != inDoubt {
			s.mode, s.last, s.marks = inCode, operator, ""
		}
	default:
		s.dollar = r == '$'
	}
}

func (s *script) regexp(r rune) {
	switch {
	case isLineEnd(r):
		s.lose("a regexp in it has no end on its line")
	case s.escaped:
		s.escaped = false
	case r == '\\':
		s.escaped = true
	case r == '[':
		s.mode = inClass
	case r == ']':
		s.mode = inRegexp
	case r == '/' && s.mode == inRegexp:
		s.mode, s.last = inFlags, operand
	}
}

func (s *script) flags(r rune) {
	if !isWordPart(r) {
		s.mode, s.last = inCode, operand
		s.code(r)
	}
}

// A hole is where an action stands in a script.
type hole uint8

const (
	noHole hole = iota
	valueHole
	stringHole
	templateHole
	regexpHole
	commentHole
	doubtHole
)

// action moves the script past an action, and says what it is to the script.
func (s *script) action() hole {
	if s.mode == inSlash {
		s.decideSlash()
	}
	if s.escaped {
		s.lose("a backslash stands before data")
	}
	switch s.mode {
	case inString:
		return stringHole
	case inTemplate:
		s.dollar = false
		return templateHole
	case inRegexp:
		return regexpHole
	case inLineComment, inBlockComment:
		s.star = false
		return commentHole
	case inCode:
		return s.valueAction()
	case inClass:
		s.lose("data stands between the [ and ] of a regexp")
	case inFlags:
		s.lose("data stands where a regexp has its flags")
	}
	return doubtHole
}

func (s *script) valueAction() hole {
	if s.word != "" {
		s.endWord()
	}
	if s.last == operator {
		s.last = operand
	} else {
		s.last = either // an object would be a block, behind which a slash begins a regexp
	}
	s.marks, s.member = "", false
	return valueHole
}

func isWordPart(r rune) bool {
	switch {
	case 'a' <= r && r <= 'z', 'A' <= r && r <= 'Z', '0' <= r && r <= '9', r == '_', r == '$':
		return true
	case r < utf8.RuneSelf:
		return false
	}
	return !isSpace(r) && !isLineEnd(r)
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isSpace(r rune) bool {
	switch r {
	case ' ', '\t', '\v', '\f', '\ufeff':
		return true
	}
	return r >= utf8.RuneSelf && unicode.Is(unicode.Zs, r)
}

func isLineEnd(r rune) bool { return r == '\n' || r == '\r' || r == '\u2028' || r == '\u2029' }
