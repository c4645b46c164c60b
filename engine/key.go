package engine

import "github.com/ropewalk/ropewalk/request"

// Key names a value that middleware, page, endpoint and error page of one
// request share; see [request.Key]. Every request of an [App] or a [PageFunc]
// has a place for such values.
type Key[T any] = request.Key[T]
