// Package bench measures components in go test, in the form that benchstat reads.
//
//	func BenchmarkCard(b *testing.B) { bench.Component(b, Card(props)) }
//	func BenchmarkPage(b *testing.B) { bench.Stream(b, Page(props)) }
//
//	$ go test -bench . -count 10 | tee new.txt
//	$ benchstat old.txt new.txt
//
// [Component] renders to memory: what the component itself costs. [Stream]
// renders as a server does, parts side by side, and also tells when the first
// byte left, how long the page took, and in how many writes and flushes it went.
//
// Both fail the benchmark if the component fails, or if it prints nothing.
package bench
