package answer

import "testing"

// Where the beginning of a document ends decides whether an element may follow.
func TestWhereAPhraseMayStand(t *testing.T) {
	for beginning, want := range map[string]bool{
		`<!DOCTYPE html><html lang="en"><title>a</title><h1>a</h1><p>`: true,
		`<!DOCTYPE html><body>`:                        true,
		`<html><body><p>a<br>b<img src="x>y"> &amp; c`: true,
		`<html><body><P CLASS='a"b'>`:                  true,
		`<html><body><script>if (a<b) "</p>"</script>`: true,
		`<html><body><!-- <p> --> a`:                   true,
		`<html><body><table><tr><td>`:                  true,

		`<!DOCTYPE html>`:                       false, // the body has not begun
		`<!DOCTYPE html><html><head>`:           false,
		`<html><title>a`:                        false,
		`<html><title>a<p>`:                     false,
		`<html><head><title>a</title>`:          false,
		`<html><body><p title="`:                false,
		`<html><body><p title="a>b`:             false,
		`<html><body><p `:                       false,
		`<html><body><p`:                        false,
		`<html><body><p>a < b`:                  false, // could be the begin of a tag
		`<html><body><`:                         false,
		`<html><body><p>a</`:                    false,
		`<html><body><!-- a`:                    false,
		`<html><body><script>a`:                 false,
		`<html><body><style>p{}`:                false,
		`<html><body><textarea>a`:               false,
		`<html><body><table>`:                   false,
		`<html><body><table><tr>`:               false,
		`<html><body><ul>`:                      false,
		`<html><body><select><option>a`:         false,
		`<html><body><svg><a>`:                  false,
		`<html><body><template><p>`:             false,
		`<html><head><noscript><p>`:             false,
		`<html><body><p>a &am`:                  false, // a reference may be cut in two
		"<html><body><p>\xe2\x81":               false, // and a character
		`<html><body></body></html>`:            false,
		`<html><body><unknown-element>`:         false,
		`<html><body><xmp></p>`:                 false,
		`<html><body><p>a<script>x</script`:     false,
		`<html><body><iframe src=x></IFRAME><p`: false,
	} {
		if s := sketchOf(beginning); s.takesPhrase() != want {
			t.Errorf("%s: got %v", beginning, !want)
		}
	}
}

func TestShownText(t *testing.T) {
	s := sketchOf("<html><title>not shown</title><p>a b\n<b title='not'>cd</b><!-- not --><script>not</script>é")
	if s.shown != len("abcd")+1 {
		t.Errorf("counted %d characters", s.shown)
	}
}

// No beginning makes the sketch fail, or take time.
func FuzzSketch(f *testing.F) {
	f.Add("<!DOCTYPE html><html><p a='b'>c<!-- d --><script></script>&amp;")
	f.Fuzz(func(t *testing.T, beginning string) {
		if len(beginning) > seenBytes {
			return
		}
		s := sketchOf(beginning)
		if s.takesPhrase() && (beginning[len(beginning)-1] == '<' || len(s.open) == 0) {
			t.Errorf("an element may follow %q", beginning)
		}
	})
}
