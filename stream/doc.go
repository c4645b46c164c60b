// Package stream renders a tree of components to an [io.Writer]: its parts run
// side by side, and their bytes leave in document order, each part as soon as
// everything before it has left.
//
// The smallest program:
//
//	page := stream.Func(func(ctx context.Context, w io.Writer) error {
//		io.WriteString(w, "<h1>News</h1>")
//		if err := stream.Go(ctx, w, headlines); err != nil { // loads while the rest renders
//			return err
//		}
//		_, err := io.WriteString(w, "<footer>…</footer>")
//		return err
//	})
//	err := stream.Render(ctx, os.Stdout, page)
//
// # Segments
//
// What has been rendered and not yet written is a list of segments. A fork, made
// by [Go], seals the segment being written and puts two after it: one for the
// part, which runs in a goroutine of its own, and one in which the code that
// called Go carries on:
//
//	before    cur(open) ------------------------------> next
//
//	after     cur(sealed) --> child(open) --> rest(open) --> next
//	                             |               |
//	                          the part       the caller of Go
//
// A segment has one writer at a time, and only that writer may link something
// behind it, so the list needs no lock. The first segment that has not left is
// the head. The goroutine that called Render runs the root and then writes what
// is ready from the head on. It alone touches the destination. When the head is
// not done it flushes the destination, once, and sleeps until the head is: so a
// page leaves in as few writes as its slow parts allow, and whatever is ready
// never waits. A page that never forks is one segment and one Write, with no
// goroutine and no copy, if it is not larger than a segment may be.
//
// A segment that grows past [Renderer.Spill] bytes is handed on and a new one is
// begun, so that a long part streams while it renders. [Flush] does the same on
// request. A flush in the root reaches the destination at once; a spill there is
// a Write without a Flush.
//
// That is [FlushAdaptive]. The other policies, a least time between two flushes and a
// time for the whole page are fields of [Renderer]. A Renderer is a plain struct: a page
// that is to leave as a whole is rendered by a copy of the usual one, with Flush set to
// FlushNone.
//
// # Bounds
//
// What has been rendered and cannot leave yet, because a part before it is slow, or the
// reader is, takes memory. Past [Renderer.Pending] bytes a part waits in its Write, until
// some have left. It does not wait when it is what the flusher sleeps for: then it goes
// on in small pieces, so a page moves as long as its head does, whatever the bounds, and
// whatever its parts wait for. A [Budget] bounds what several renders use together, in the
// same way.
//
// The root, which starts the parts, is not held up by theirs: an eighth of the bytes is its
// own. When more of its text waits it does what it would do after its end, writes what is
// ready and sleeps for the head, and goes on when enough has left.
//
// When the root has ended, the part that writes the head waits for the reader itself: nothing
// is gained by more than some tens of KB that the reader has not taken. So an endless part
// takes no more memory before a slow reader than one written in place.
//
// What counts is what the segments take, not how full they are. Not counted are the
// goroutines: a thousand parts that wait take some megabytes for their stacks, and
// [Renderer.Concurrency] and [Budget.Concurrency] are the bounds for that.
//
// # Groups
//
// [Catch], [Timeout] and [Blocking] wrap a subtree, a group. A group that never
// forks costs a mark in the buffer. One that does becomes a place in the list
// that nothing passes until all its parts have ended well; meanwhile what comes
// after it renders on. When a part of it fails, the context of the group is
// cancelled, what it rendered is dropped, and the error goes to the nearest Catch
// outside, whose fallback is rendered in the group's place, and otherwise to the
// page.
//
// A group is kept until it is done, so its parts need not wait when the flusher has come to
// it, and those of a Blocking never. The bound for it is [Renderer.Held]. Past
// that it fails, with a [*TooLargeError] that a Catch may catch. What is large is better
// not wrapped as a whole.
//
// # Answers
//
// Some errors are no failures but answers: a redirect, say, in place of the page.
// [Renderer.Answer] tells which. A Catch lets them through. Whether an answer can be given
// does not depend on how far the page has got but on the place it comes from: the root before
// the lock, or a Blocking that the root began before it flushed, spilled or, behind slow
// parts, wrote an eighth of Renderer.Pending; or anything in such a Blocking. From anywhere
// else it is a [*MisplacedError], an error like any other, even if nothing has left yet.
//
// # Seeing it
//
// [WithTrace] tells what happens in a page and when: which parts start and are ready, for
// which the head waits, what is written and flushed. It may put something into the context of
// each part, so that spans nest as parts do. Parts have names, see [Named]. Package streamtest has a destination
// that notes the same for tests, and runs a page in every order in which its parts can end.
//
// # The lock
//
// A destination may have a method Lock(). It is called once, in the goroutine
// that called Render, at the first fork, when the root first spills or flushes and
// no Blocking keeps that back, or at the end of the root, whichever is first. That
// moment depends on the page alone and never on timing. A root that fails before it
// never locks.
//
// The destination's optional methods FlushError() error, Flush() error or Flush()
// flush it, and WriteWhole([]byte) (int, error) is called in place of Write with a
// document that is complete and of which nothing has left. One that has a method
// Whole() bool is asked, after the lock, whether it wants any other, as if the policy
// were FlushNone.
//
// # Concurrency
//
// Every goroutine of a render has ended when Render returns, or is accounted for. The context
// of a part ends when the page fails or its time is over, and when a Timeout around it is late
// or something else is shown in place of a Catch around it. A part that goes on for 10 ms
// longer than that, when all else is done, is abandoned: Render returns without it. It never
// touches the destination, what it writes is dropped, and its memory is used again only after
// it has returned. [Abandoned] counts such parts and bounds them, and [Renderer.Left] is told
// their names. A render in which nothing fails and no time is over waits for all of its parts.
//
// The root runs in the goroutine that called Render and cannot be interrupted, nor can a
// part that is rendered in its place or a destination whose Write hangs. A [Writer] belongs to the function it was
// given to, until that returns: no other goroutine may use it. A part runs while
// its parent goes on, so it must not share variables that the parent still writes.
// At most [Renderer.Concurrency] parts run at once. Beyond that Go renders the part
// before it returns, so that no nesting of parts can deadlock.
//
// A part may wait in a Write for those before it. It must not keep from them what they
// need: a lock, or the last connection of a pool. Nor may the root wait for what a part
// does after a Write: nothing leaves for the part while the root neither writes nor ends.
//
// A test in a bubble of testing/synctest whose parts may be abandoned ends with
// [Abandoned.Wait].
//
// # Errors
//
// The first part that fails cancels the context of the others; the error is the
// cause. Once an error is known nothing more is written and no part is started.
// Render returns the first error in document order that is not a consequence of
// that cancellation. When the caller's context ends before all has left, Render
// returns its cause, and when the destination fails, the destination's error,
// [io.ErrShortWrite] among them. The other errors, of parts that failed before they
// were told to stop, are for [Renderer.Others], and those that a Catch has dealt with
// for [Renderer.Caught]. A panic, in whichever goroutine, becomes a [*PanicError]. If
// the destination's Write, WriteWhole and Flush have not been called by then, nothing
// was sent and another page can be.
package stream
