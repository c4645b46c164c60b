package engine

// EncodersInUse is for tests that look for encoders that were not given back.
func EncodersInUse(a *App) int { return a.service().EncodersInUse() }
