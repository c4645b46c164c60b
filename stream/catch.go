package stream

import (
	"bytes"
	"context"
	"io"
	"slices"
)

// Catch renders body, and if body or a part inside it fails, drops all of it and
// renders fallback(err) in its place. What is outside is not disturbed: parts of body
// that still run are cancelled, with the error as their cause, and their siblings
// outside go on. A fallback may fork like anything else; if it fails, so does what
// is around the Catch. A nil fallback, or one that returns nil, renders nothing.
//
// Nothing of body leaves before all of it is done; what grows past [Renderer.Held] fails.
//
// The end of ctx is not caught, since nobody waits for the fallback then; neither is
// a failure of the destination, nor an answer, see [Renderer.Answer].
//
// body renders in the calling goroutine, and so does the fallback if body itself
// fails. If a part fails, the fallback runs as a part, side by side with what comes
// after the Catch.
func Catch(ctx context.Context, w io.Writer, body Renderable, fallback func(err error) Renderable) error {
	if body == nil {
		return nil
	}
	if fallback == nil {
		fallback = func(error) Renderable { return nil }
	}
	own := writerOf(ctx, w)
	if own == nil {
		return catchAside(ctx, w, body, fallback)
	}
	g := &group{fallback: fallback}
	g.scope.init(ctx, own)
	deferred := own.deferred
	err := own.region(&g.scope, g, body)
	if err == nil || ctx.Err() != nil || own.ended || own.stopped() != nil || own.r.isAnswer(err) {
		return err
	}
	own.r.unblockAll(g)
	own.deferred = deferred
	own.r.tellCaught(err)
	return renderAny(ctx, own, fallback(err))
}

// catchAside is Catch in a writer that cannot be rewound: body is rendered to a buffer
// of its own first, which is used once: body may keep it.
func catchAside(ctx context.Context, w io.Writer, body Renderable, fallback func(error) Renderable) error {
	var b bytes.Buffer
	err := protect(func() error { return body.Render(ctx, &b) })
	switch {
	case err == nil:
		_, err = w.Write(b.Bytes())
		return err
	case ctx.Err() != nil:
		return err
	}
	if own, _ := ctx.Value(writerKey{}).(*Writer); own != nil {
		if own.r.isAnswer(err) {
			return err
		}
		own.r.tellCaught(err)
	}
	return renderAny(ctx, w, fallback(err))
}

// manyCaught is how many errors a page remembers, which may have a Catch for each of its items.
const manyCaught = 64

// tellCaught tells whoever asked for it that a Catch has caught err.
func (r *render) tellCaught(err error) {
	if r.opts.Caught == nil {
		return
	}
	r.mu.Lock()
	known := slices.ContainsFunc(r.caught, func(e error) bool { return same(e, err) })
	if !known {
		r.caught = append(r.caught, err)
		r.caught = slices.Delete(r.caught, 0, max(0, len(r.caught)-manyCaught))
	}
	r.mu.Unlock()
	if !known {
		quietly(func() { r.opts.Caught(r.page.parent, err) })
	}
}

func renderAny(ctx context.Context, w io.Writer, c Renderable) error {
	if c == nil {
		return nil
	}
	return c.Render(ctx, w)
}
