package component

import (
	"fmt"
	"io/fs"
	"path"
	"reflect"
	"slices"
	"strings"

	"github.com/ropewalk/ropewalk/component/internal/compile"
	"github.com/ropewalk/ropewalk/component/internal/run"
	"github.com/ropewalk/ropewalk/component/internal/source"
)

// A Parser reads templates. The zero value is ready to use.
type Parser struct {
	// Funcs are the functions that templates may call, as in html/template: each
	// returns one value, or one and an error. A function that returns a
	// Component is a component: see the package documentation. So is a
	// [Template], which stands for a template of the same views. A first parameter of
	// type context.Context is the render's, and is not written in the template.
	Funcs map[string]any
	// Delims are the action delimiters, "{{" and "}}" if empty.
	Delims [2]string
	// MissingKey says what a missing map key gives: "" or "default" or "invalid"
	// for no value, which prints nothing, "zero" for the zero value of the map's
	// elements, "error" for an error of the render.
	MissingKey string
	// Lenient turns mistakes of type, in branches that may never run, from
	// errors of Bind into errors of the render that reaches them.
	Lenient bool
	// CodeAttributes are the attributes that a library runs as code, so that data in
	// them is escaped as in a script. A * stands for anything, and a pattern behind "!"
	// is an exception; each stands also for its data- form. Nil means those of htmx,
	// Alpine, Vue, AngularJS and hyperscript: "hx-on*", "x-*", "@*", ":*", "v-*",
	// "ng-*", "_" and "script", without the few of these that are plain text, such as
	// x-ref and v-cloak. An empty list means none. A string becomes a string of the
	// script there: what is JSON or code already must be a template.JS. Data in "_" and
	// "script", which are hyperscript, is refused: there is no escaper for that language.
	CodeAttributes []string
	// LenientTemplates are the names of templates that are lenient beside others that
	// are not, such as "old/*": patterns of path.Match, for names as [Views.Names] has them.
	// A definition within a file has its own name.
	LenientTemplates []string
	// AllowScriptInjection lets data stand where html/template lets it run as script,
	// and Bind refuses it for that, or a render replaces it: see the differences 6, 7 and
	// 9 of the package documentation. Without it only a template.HTML or template.URL may
	// stand in some of these places, and nothing but numbers in the others.
	AllowScriptInjection bool
	// Reload has ParseFS read files again when they change, which files on disk do
	// (os.DirFS) and embedded ones do not. Components that are made from then on
	// are of the new version; while that has a mistake, they are of the last that
	// had none, and [Views.Err] is the mistake. It is meant for development: each
	// component that is made may look at the times of the files, four times a second.
	Reload bool
	// OnReload, if set, is told of each change that was read: nil, or why it cannot
	// be used. It must not use the views.
	OnReload func(err error)
}

// A Source is one text for Parser.Parse.
type Source struct {
	Name   string    // the template that the text outside {{define}} becomes
	Text   string    //
	Delims [2]string // the parser's if empty
}

// Views are parsed templates, each with a name. They are safe for concurrent
// use and never change, unless [Parser.Reload] says so.
type Views struct {
	set  *compile.Set
	live *live // in place of set if the views are read again
}

// Names are the names of all templates, sorted.
func (v *Views) Names() []string {
	set, _ := v.current()
	return set.Names()
}

// A Diagnostic is one mistake in a template, with its place in the source.
type Diagnostic = source.Diagnostic

// Diagnostics are all the mistakes that one call found, sorted by place. Its
// text spells out the first ten.
type Diagnostics = source.Diagnostics

// A RenderError says at which piece of which template a render failed, and
// wraps the reason.
type RenderError = run.Error

// Parse parses the sources in order. A later definition of a name replaces an
// earlier one unless it is empty, as in html/template. The error is a
// Diagnostics, or tells what is wrong with the parser's own fields.
func (p Parser) Parse(sources ...Source) (*Views, error) {
	in := make([]source.File, len(sources))
	for i, s := range sources {
		in[i] = source.File{Name: s.Name, Text: s.Text, Delims: s.Delims}
	}
	set, err := p.parse(in)
	if err != nil {
		return nil, err
	}
	return &Views{set: set}, nil
}

func (p Parser) parse(sources []source.File) (*compile.Set, error) {
	return compile.Parse(compile.Options{Funcs: p.Funcs, Delims: p.Delims, MissingKey: p.MissingKey, Lenient: p.Lenient, LenientTemplates: p.LenientTemplates, CodeAttributes: p.CodeAttributes, Dangerous: p.AllowScriptInjection}, sources...)
}

// ParseFS is Parser.ParseFS of a Parser with no functions.
func ParseFS(files fs.FS, patterns ...string) (*Views, error) {
	return Parser{}.ParseFS(files, patterns...)
}

// ParseFS parses the files that the patterns match (see fs.Glob). A pattern
// that names a folder stands for every .html file in and below it.
//
// A template's name is the path of its file without the extension, from the
// folder that the pattern begins with: of "views/*.html", views/product.html
// is "product"; of "*/*.html" it is "views/product". A pattern that matches
// nothing is an error, as are two files of one name.
func (p Parser) ParseFS(files fs.FS, patterns ...string) (*Views, error) {
	if p.Reload {
		return p.reloading(files, patterns)
	}
	set, err := p.readFS(files, patterns)
	if err != nil {
		return nil, err
	}
	return &Views{set: set}, nil
}

func (p Parser) readFS(files fs.FS, patterns []string) (*compile.Set, error) {
	var sources []source.File
	fileOf := map[string]string{}
	for _, pattern := range patterns {
		base, matches, err := matchFiles(files, pattern)
		if err != nil {
			return nil, err
		}
		for _, file := range matches {
			name := strings.TrimSuffix(strings.TrimPrefix(file, base), path.Ext(file))
			if other, ok := fileOf[name]; ok {
				if other == file {
					continue
				}
				return nil, fmt.Errorf("component: %s and %s would both be template %q: %s", other, file, name, wayOut(other, file))
			}
			fileOf[name] = file
			text, err := fs.ReadFile(files, file)
			if err != nil {
				return nil, fmt.Errorf("component: %w", err)
			}
			sources = append(sources, source.File{Name: name, Path: file, Text: string(text)})
		}
	}
	return p.parse(sources)
}

// wayOut says what to do about two files of one name.
func wayOut(a, b string) string {
	if path.Dir(a) == path.Dir(b) {
		return "use a pattern that matches one of them, such as \"*.html\", or rename the other"
	}
	return "use a pattern that begins above their folders, such as \"*/*.html\""
}

// matchFiles lists a pattern's files, and the folder their names begin after.
func matchFiles(files fs.FS, pattern string) (base string, matches []string, err error) {
	if info, statErr := fs.Stat(files, pattern); statErr == nil && info.IsDir() {
		base = strings.TrimPrefix(pattern+"/", "./")
		err = fs.WalkDir(files, pattern, func(file string, d fs.DirEntry, err error) error {
			if err == nil && !d.IsDir() && path.Ext(file) == ".html" {
				matches = append(matches, file)
			}
			return err
		})
	} else {
		fixed := pattern
		if i := strings.IndexAny(pattern, `*?[\`); i >= 0 {
			fixed = pattern[:i]
		}
		base = fixed[:strings.LastIndexByte(fixed, '/')+1]
		matches, err = fs.Glob(files, pattern)
	}
	if err != nil {
		return "", nil, fmt.Errorf("component: pattern %q: %w", pattern, err)
	}
	if len(matches) == 0 {
		return "", nil, fmt.Errorf("component: pattern %q matches no file%s", pattern, whatIsThere(files))
	}
	slices.Sort(matches)
	return base, matches, nil
}

// whatIsThere lists the first files that a pattern could have meant.
func whatIsThere(files fs.FS) string {
	var names []string
	more, seen := "", 0
	err := fs.WalkDir(files, ".", func(file string, d fs.DirEntry, err error) error {
		seen++
		switch {
		case err != nil:
			return fs.SkipDir
		case seen > 10_000:
			return fs.SkipAll
		case d.IsDir() || path.Ext(file) != ".html":
		case len(names) == 10:
			more = " and more"
			return fs.SkipAll
		default:
			names = append(names, file)
		}
		return nil
	})
	if err != nil || len(names) == 0 {
		return "; there is no .html file at all"
	}
	return "; there are " + strings.Join(names, ", ") + more
}

// Compose puts views of several origins together, such as a package's own beside
// the application's. Each template keeps the functions and options it was parsed
// with, and may call templates of the others. Two templates of one name are an
// error.
func Compose(views ...*Views) (*Views, error) {
	sets := make([]*compile.Set, len(views))
	for i, v := range views {
		if v.live != nil {
			return composed(views)
		}
		sets[i] = v.set
	}
	set, err := compile.Compose(sets...)
	if err != nil {
		return nil, err
	}
	return &Views{set: set}, nil
}

// Template is an entry of [Parser.Funcs] that makes a component of a template of
// the same views: it can be called as a function from P to Component can, which
// could not be bound before the views are parsed. If the views have no such
// template, the error is that of the Bind of a template that calls it.
func Template[P any](name string) any {
	return compile.TemplateFunc{Template: name, Props: reflect.TypeFor[P]()}
}

// TemplateFunc is a [Template] whose props no caller gives: makeProps makes them, from the
// request and from what the call has for arguments. So any layout can have a part that
// knows its visitor:
//
//	func userbar(ctx context.Context) (UserBar, error) { … }
//
//	Funcs: map[string]any{"userbar": component.TemplateFunc("userbar", userbar)}
//	{{userbar}}
//
// makeProps is a function with one result, or one and an error. A first parameter of type
// context.Context is the render's; what else it takes is written in the call. Its result
// is the template's dot, and its type is what Bind checks the template against. As makeProps
// does not refer to the views, it is no initialization cycle.
func TemplateFunc(name string, makeProps any) any {
	return compile.TemplateFunc{Template: name, Make: makeProps}
}

// TemplateLoad is [TemplateFunc] for props that take a while: makeProps is called, and the
// template rendered, in a part of their own while the page goes on, as with [Load].
func TemplateLoad(name string, makeProps any) any {
	return compile.TemplateFunc{Template: name, Make: makeProps, Parallel: true}
}
