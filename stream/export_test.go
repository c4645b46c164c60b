package stream

import "context"

// WaitForAbandoned waits for the parts that were abandoned by Renderers with no Abandoned.
func WaitForAbandoned(ctx context.Context) error { return abandoned.Wait(ctx) }
