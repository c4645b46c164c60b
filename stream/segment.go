package stream

import (
	"sync/atomic"

	"github.com/valyala/bytebufferpool"
)

// segment is a stretch of the document. Its one writer fills buf and links next;
// storing done hands both to the flusher, and after that the writer never touches
// the segment again.
type segment struct {
	buf     *bytebufferpool.ByteBuffer // nil until something is written
	next    *segment
	done    atomic.Bool
	counted bool   // it is counted in part.unsent: the part went on after it
	part    *part  // who writes it; nil for the root
	group   *group // set in the segment at which a group begins; it holds no bytes
}

// after returns the segment that follows s in the document: the fallback of a
// group that has one, else next.
func (s *segment) after() *segment {
	if s.group != nil && s.group.span.alt != nil {
		return s.group.span.alt
	}
	return s.next
}

// span is a group's place in the list, made when something inside it forks,
// flushes or spills:
//
//	begin --> content … --> after
//	   \                    ^
//	    alt … -------------/      the fallback, when the content was dropped
type span struct {
	begin   segment // done when the group has ended or its fallback has begun
	content segment
	after   segment
	alt     *segment // set before begin is done; &after drops the content alone
}

// discard recycles the buffers of the segments from s up to end, and those of the
// fallbacks among them. Nobody may be writing there any more. It returns what the
// buffers cost, and how much of that was the root's.
func discard(s, end *segment, spill int) (all, own int) {
	for s != nil && s != end {
		if s.group != nil {
			if sp := s.group.span; sp.alt != nil && sp.alt != &sp.after {
				a, o := discard(sp.alt, &sp.after, spill)
				all, own = all+a, own+o
			}
		}
		if s.buf != nil {
			all += cost(s.buf)
			if s.part == nil {
				own += cost(s.buf)
			}
			pool.put(s.buf, spill)
			s.buf = nil
		}
		s = s.next
	}
	return all, own
}

// walk calls see for the segments from s on in document order, to the end of the content
// of g, or of the document if g is nil. It goes as far as they are known while parts may be
// running: where one is writing, it calls running and goes on after that part. With all it
// visits the content too in whose place there is a fallback.
func walk(s *segment, g *group, all bool, see func(*segment), running func(*part)) {
	var end *segment
	if g != nil {
		end = &g.span.after
	}
	for s != nil && s != end {
		see(s)
		done := s.done.Load()
		switch p := s.part; {
		case s.group != nil && !done: // the group goes on; what is in it can be looked at
			s = s.next
		case s.group != nil:
			if all && s.group.span.alt != nil {
				walk(&s.group.span.content, s.group, all, see, running)
			}
			s = s.after()
		case done || p == nil || p.over.Load():
			s = s.next
		case p.group.within(g):
			running(p)
			s = p.follow
		default: // it renders the group itself, and follows after that
			running(p)
			return
		}
	}
}
