package component

import (
	"fmt"
	"io/fs"
	"strings"
	"sync"
	"time"

	"github.com/ropewalk/ropewalk/component/internal/compile"
	"github.com/ropewalk/ropewalk/component/internal/run"
)

// pollInterval is how old what is known of the files may be.
const pollInterval = 250 * time.Millisecond

// live are views that are read again when their files change. Nothing runs in the
// background: the files' times are looked at when a component is made, at most
// once for each pollInterval.
type live struct {
	stamp    func() (string, error)       // changes when a file does
	load     func() (*compile.Set, error) // reads and parses the files
	onReload func(error)

	mu         sync.Mutex
	checked    time.Time
	seen       string
	set        *compile.Set
	generation int
	err        error // of the last attempt to read what has changed
}

// current returns the views as they were read last, after looking whether they
// have changed. The generation grows with each reading that went well.
func (v *Views) current() (*compile.Set, int) {
	if v.live == nil {
		return v.set, 0
	}
	l := v.live
	l.mu.Lock()
	defer l.mu.Unlock()
	if now := time.Now(); now.Sub(l.checked) >= pollInterval {
		l.checked = now
		l.refresh()
	}
	return l.set, l.generation
}

// refresh reads the views again if they have changed. What does not parse leaves
// them as they were.
func (l *live) refresh() {
	stamp, err := l.stamp()
	if err != nil {
		stamp = err.Error()
	}
	if stamp == l.seen {
		return
	}
	l.seen = stamp
	var set *compile.Set
	if err == nil {
		set, err = l.load()
	}
	if err == nil {
		l.set = set
		l.generation++
	}
	l.report(err)
}

// report notes the outcome of an attempt.
func (l *live) report(err error) {
	if l.err = err; l.onReload != nil {
		l.onReload(err)
	}
}

// Err is the error of the last change of the files that could not be used, nil if
// all is well. Views that are not reloaded have none.
func (v *Views) Err() error {
	if v.live == nil {
		return nil
	}
	v.current()
	v.live.mu.Lock()
	defer v.live.mu.Unlock()
	return v.live.err
}

// reloading makes live views of files.
func (p Parser) reloading(files fs.FS, patterns []string) (*Views, error) {
	l := &live{
		stamp:    func() (string, error) { return stampOf(files, patterns) },
		load:     func() (*compile.Set, error) { return p.readFS(files, patterns) },
		onReload: p.OnReload,
		checked:  time.Now(),
	}
	var err error
	if l.seen, err = l.stamp(); err != nil {
		return nil, err
	}
	if l.set, err = l.load(); err != nil {
		return nil, err
	}
	return &Views{live: l}, nil
}

// stampOf lists the files that the patterns match, with their times and sizes.
func stampOf(files fs.FS, patterns []string) (string, error) {
	var b strings.Builder
	for _, pattern := range patterns {
		_, matches, err := matchFiles(files, pattern)
		if err != nil {
			return "", err
		}
		for _, file := range matches {
			info, err := fs.Stat(files, file)
			if err != nil {
				return "", fmt.Errorf("component: %w", err)
			}
			fmt.Fprintf(&b, "%s %d %d\n", file, info.ModTime().UnixNano(), info.Size())
		}
	}
	return b.String(), nil
}

// composed makes live views of several of which some are live.
func composed(views []*Views) (*Views, error) {
	l := &live{}
	l.stamp = func() (string, error) {
		var b strings.Builder
		for _, v := range views {
			_, generation := v.current()
			fmt.Fprintln(&b, generation)
			if err := v.Err(); err != nil {
				return "", err
			}
		}
		return b.String(), nil
	}
	l.load = func() (*compile.Set, error) {
		sets := make([]*compile.Set, len(views))
		for i, v := range views {
			sets[i], _ = v.current()
		}
		return compile.Compose(sets...)
	}
	var err error
	if l.seen, err = l.stamp(); err != nil {
		return nil, err
	}
	if l.set, err = l.load(); err != nil {
		return nil, err
	}
	return &Views{live: l}, nil
}

// A binding is a template of live views: compiled again when these have changed,
// and the last that compiled when they are wrong.
type binding struct {
	views   *Views
	compile func(*compile.Set) (*run.Template, error)

	mu         sync.Mutex
	template   *run.Template
	generation int
}

func (b *binding) current() *run.Template {
	set, generation := b.views.current()
	b.mu.Lock()
	defer b.mu.Unlock()
	if generation > b.generation { // it is less if another goroutine has come first
		b.generation = generation
		template, err := b.compile(set)
		if err == nil {
			b.template = template
		} else {
			l := b.views.live
			l.mu.Lock()
			l.report(err)
			l.mu.Unlock()
		}
	}
	return b.template
}
