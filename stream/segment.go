package stream

import (
	"sync/atomic"

	"github.com/valyala/bytebufferpool"
)

// segment is a stretch of the document. Its one writer fills buf and links next;
// storing done hands both to the flusher, and after that the writer never touches
// the segment again.
type segment struct {
	buf   *bytebufferpool.ByteBuffer // nil until something is written
	next  *segment
	done  atomic.Bool
	part  uint32 // who writes it: 0 is the root; others are told apart for a Trace alone
	group *group // set in the segment at which a group begins; it holds no bytes
	err   error  // of the part that was writing here when it failed; read after the join
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
// fallbacks among them. It returns what they cost, and how much of that was the
// root's.
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
			if s.part == 0 {
				own += cost(s.buf)
			}
			pool.put(s.buf, spill)
			s.buf = nil
		}
		s = s.next
	}
	return all, own
}
