package bench_test

import (
	"fmt"
	"testing"

	"github.com/ropewalk/ropewalk/bench/bench"
	"github.com/ropewalk/ropewalk/component"
)

func Example() {
	card := component.Join(component.Raw("<h2>"), component.Text("Tar & oil"), component.Raw("</h2>"))
	result := testing.Benchmark(func(b *testing.B) { bench.Stream(b, card) })
	fmt.Println(result.Extra["writes/op"], "write,", result.Extra["flushes/op"], "flushes")
	// Output: 1 write, 0 flushes
}
