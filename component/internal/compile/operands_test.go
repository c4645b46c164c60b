package compile

import (
	"html/template"
	"io"
	"reflect"
	"regexp"
	"testing"

	"github.com/ropewalk/ropewalk/component/internal/source"
)

// What is refused can never be rendered: html/template fails with it, whatever the data,
// where no branch, and or or could leave it unevaluated.
func TestWhatIsRefusedFails(t *testing.T) {
	lazy := regexp.MustCompile(`\b(and|or|printf)\b`) // to refuse what printf marks as wrong is ours
	refused := 0
	for i := range 6000 {
		d := randomDecisions(uint64(i))
		g := &grammar{decisions: d}
		text := "{{" + g.pipeline(1) + "}}"
		if i%2 == 0 {
			text = "{{" + pick(d, []string{"index", "slice", "call", "eq", "lt", "len", "ge"}) + " " + g.operand(0) + " " + g.operand(0) + "}}"
		}
		if lazy.MatchString(text) {
			continue
		}
		oracle, err := template.New("main").Funcs(fuzzFuncs).Parse(text)
		if err != nil {
			continue
		}
		set, err := Parse(Options{Funcs: fuzzFuncs}, source.File{Name: "main", Text: text})
		if err != nil {
			t.Fatal(err)
		}
		_, refusal := set.Compile("main", reflect.TypeFor[*outer](), false)
		if refusal == nil {
			continue
		}
		refused++
		for range 5 {
			fresh := template.Must(oracle.Clone())
			if fresh.Execute(io.Discard, d.data(1)) == nil {
				t.Errorf("%s renders, and is refused: %v", text, refusal)
			}
		}
	}
	if refused < 500 {
		t.Errorf("only %d were refused", refused)
	}
}
