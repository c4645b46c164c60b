package stream

import (
	"context"
	"io"
	"sync/atomic"
)

// part is a subtree that runs in a goroutine of its own. The segments of its fork
// are in it: a fork is one allocation and the goroutine.
type part struct {
	ctx      partContext
	w        Writer
	child    segment
	rest     segment
	body     Renderable
	group    *group   // the group it belongs to; nil for the page
	follow   *segment // what comes after the part
	number   uint32   // for a Trace
	returned bool
	over     atomic.Bool  // it writes nothing any more
	unsent   atomic.Int32 // bytes it has handed on that the flusher has not taken; see backlogged
}

// Go reserves this place in the document for part, runs part concurrently and
// returns at once, for the caller to carry on after that place. An error of part
// fails the innermost group around it, or the page.
//
// When a limit on concurrent parts is reached, that of the Renderer or of its Budget, Go
// renders part before it returns.
// It also does so when ctx and w belong to no Render, and when w is a wrapper that
// does not pass a Flush on: then an error of part is known to the caller alone, who
// should return it. Go starts nothing when ctx has ended or the page has failed, and
// returns the cause. A nil part renders nothing.
func Go(ctx context.Context, w io.Writer, part Renderable) error {
	if part == nil {
		return nil
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	own := writerOf(ctx, w)
	if own == nil {
		return part.Render(ctx, w)
	}
	if own.ended {
		return errEnded
	}
	if err := own.stopped(); err != nil {
		return err
	}
	own.r.fork() // also if the part is not admitted, so that the lock does not depend on it
	part = own.named(part)
	if !own.r.admit() {
		return own.inPlace(ctx, w, part)
	}
	return own.fork(ctx, part)
}

// inPlace renders body where the limit is reached, in to, which is w or a wrapper of
// it. Its error has the same effect as that of a part, whether the caller looks at it
// or not: what a page does must not depend on how many parts happen to run.
func (w *Writer) inPlace(ctx context.Context, to io.Writer, body Renderable) error {
	outer := w.label
	w.label = &label{inPlaceOf: body}
	defer func() { w.label = outer }()
	err := protect(func() error { return body.Render(ctx, to) })
	if err != nil {
		w.anchor(w.group)
		err = w.r.fail(w.group, w.checkAnswer(err), w.seg)
	}
	return err
}

// admit counts one more running part, unless a limit is reached.
func (r *render) admit() bool {
	limit := r.opts.Concurrency
	if limit <= 0 {
		limit = 1024
	}
	if int(r.running.Add(1)) > limit {
		r.running.Add(-1)
		return false
	}
	if b := r.opts.Shared; b != nil && !b.admit() {
		r.running.Add(-1)
		return false
	}
	return true
}

// admitAnyway counts one that no limit keeps out.
func (r *render) admitAnyway() {
	r.running.Add(1)
	if b := r.opts.Shared; b != nil {
		b.parts.Add(1)
	}
}

// dismiss counts one less.
func (r *render) dismiss() {
	r.running.Add(-1)
	if b := r.opts.Shared; b != nil {
		b.parts.Add(-1)
	}
}

// fork splits the open segment: what is before it is sealed, body gets the next
// one, and w carries on in the one after.
func (w *Writer) fork(ctx context.Context, body Renderable) error {
	r := w.r
	w.anchor(w.group)
	if err := r.join(w.group); err != nil {
		r.dismiss()
		return err
	}
	p := &part{body: body, group: w.group}
	p.follow = &p.rest
	p.rest.next, p.rest.part = w.seg.next, w.part
	p.child.next = &p.rest
	w.seg.next = &p.child
	r.launch(p, ctx, w.part)
	w.moveTo(&p.rest, w.group)
	if w.part == nil && r.opts.Flush == FlushEach {
		r.writeReady(false)
	}
	return nil
}

// launch starts p, which writes p.child. It is the one place where a goroutine of
// the engine starts. The caller has counted p as running, and is itself a part, the
// root, or counted in r.live.
func (r *render) launch(p *part, ctx context.Context, parent *part) {
	p.child.part = p
	p.w.r, p.w.part, p.w.seg, p.w.group, p.w.limit = r, p, &p.child, p.group, -1
	p.ctx.init(r.trace.partStarts(ctx, p, parent), &p.w)
	r.enter()
	go p.run()
}

func (p *part) run() {
	var err error
	defer p.end(&err)
	if p.ctx.Err() != nil {
		err = context.Cause(&p.ctx)
	} else {
		err = p.body.Render(&p.ctx, &p.w)
	}
	p.returned = true
}

// end is deferred: it runs after a panic and a Goexit too.
func (p *part) end(err *error) {
	if !p.returned {
		*err = unwound(recover())
	}
	if *err == nil {
		*err = p.w.err
	}
	*err = p.w.checkAnswer(*err)
	p.w.close()
	defer p.finish(*err) // also after a Goexit in the Trace
	p.w.r.trace.partReady(p, *err)
}

func (p *part) finish(err error) {
	r, seg := p.w.r, p.w.seg
	r.dismiss()
	if err != nil {
		r.fail(p.group, err, seg)
	} else {
		r.seal(seg)
		r.endMember(p.group)
	}
	r.releaseDeferred(&p.w)
	r.depart(p.group)
	p.over.Store(true)
	r.exit()
}
