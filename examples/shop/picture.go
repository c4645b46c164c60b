package main

import (
	"fmt"
	"math"
	"strings"
)

// Picture is a drawing in a field of 200 by 200, painted from the first stroke
// to the last. The template "picture" turns it into SVG.
type Picture []Stroke

// Stroke is one path of a drawing.
type Stroke struct {
	Path  string // as in the d attribute of SVG's path
	Fill  string // a colour, or "none"
	Line  string // a colour, or "none"
	Width float64
	Dash  string // "3 7" draws 3, skips 7; empty draws a solid line
}

// shapes are the pictures that this shop can draw, in two colours of choice.
var shapes = map[string]func(color, shade string) Picture{
	"coil":    drawCoil,
	"hank":    drawHank,
	"spool":   drawSpool,
	"block":   drawBlock,
	"shackle": drawShackle,
	"cleat":   drawCleat,
	"fist":    drawFist,
	"bell":    drawBell,
	"lantern": drawLantern,
}

// draw makes the picture of a product from three words in its row.
func draw(shape, color, shade string) Picture {
	if paint, ok := shapes[shape]; ok {
		return paint(color, shade)
	}
	return nil
}

const (
	cream = "#fbf3df"
	steel = "#8b97a1"
	iron  = "#4c5862"
)

// rope is a path that looks laid from strands: an edge, a body, and short
// dashes across it.
func rope(path, color, shade string, width float64) Picture {
	return Picture{
		{Path: path, Fill: "none", Line: shade, Width: width + 3},
		{Path: path, Fill: "none", Line: color, Width: width},
		{Path: path, Fill: "none", Line: shade, Width: width * 0.9, Dash: fmt.Sprintf("1.2 %.1f", width*0.45)},
	}
}

// solid is a filled shape with an edge.
func solid(path, color, shade string) Picture {
	return Picture{{Path: path, Fill: color, Line: shade, Width: 3}}
}

func line(path, color string, width float64) Picture {
	return Picture{{Path: path, Fill: "none", Line: color, Width: width}}
}

func circle(x, y, r float64) string {
	return fmt.Sprintf("M%.1f %.1fa%.1f %.1f 0 1 0 %.1f 0a%.1f %.1f 0 1 0 %.1f 0z", x-r, y, r, r, 2*r, r, r, -2*r)
}

func stack(parts ...Picture) Picture {
	var whole Picture
	for _, p := range parts {
		whole = append(whole, p...)
	}
	return whole
}

// drawCoil lays a spiral from the middle outwards, seen from above.
func drawCoil(color, shade string) Picture {
	const turns, inner, step = 3.6, 18.0, 15.5
	var path strings.Builder
	for i := 0; i <= int(turns*40); i++ {
		angle := float64(i) / 40 * 2 * math.Pi
		radius := inner + step*float64(i)/40
		verb := "L"
		if i == 0 {
			verb = "M"
		}
		fmt.Fprintf(&path, "%s%.1f %.1f", verb, 100+radius*math.Cos(angle), 100+radius*math.Sin(angle))
	}
	return rope(path.String(), color, shade, 12)
}

func drawHank(color, shade string) Picture {
	var loops Picture
	for i := range 4 {
		w := 46 - float64(i)*11
		path := fmt.Sprintf("M100 92C%.0f 60 %.0f 22 100 22C%.0f 22 %.0f 60 100 92C%.0f 124 %.0f 178 100 178C%.0f 178 %.0f 124 100 92",
			100-w, 100-w*1.1, 100+w*1.1, 100+w, 100+w*1.2, 100+w*1.3, 100-w*1.3, 100-w*1.2)
		loops = stack(loops, rope(path, color, shade, 9))
	}
	return stack(loops,
		rope("M78 84Q100 74 122 84", color, shade, 9),
		rope("M77 95Q100 85 123 95", color, shade, 9),
		rope("M78 106Q100 96 122 106Q140 118 146 150", color, shade, 9),
	)
}

func drawSpool(color, shade string) Picture {
	thread := solid("M62 58h76q10 42 0 84h-76q-10-42 0-84z", color, shade)
	for y := 66; y < 140; y += 7 {
		bulge := 5 * math.Sin(float64(y-58)/84*math.Pi)
		thread = stack(thread, line(fmt.Sprintf("M%.1f %dQ100 %d %.1f %d", 62-bulge, y, y+8, 138+bulge, y), shade, 1.4))
	}
	const wood, edge = "#a9713c", "#623c1b"
	return stack(
		line("M138 128q34 6 30 34t-26 20", shade, 5), line("M138 128q34 6 30 34t-26 20", color, 3),
		thread,
		solid("M48 40h104q6 9 0 18h-104q-6-9 0-18z", wood, edge),
		solid("M48 142h104q6 9 0 18h-104q-6-9 0-18z", wood, edge),
		solid("M84 40q16-10 32 0", edge, edge),
	)
}

func drawBlock(color, shade string) Picture {
	return stack(
		rope("M76 98V196", "#ead9b0", "#a08658", 9), rope("M124 98V196", "#ead9b0", "#a08658", 9),
		line("M100 48V30a15 15 0 1 1 15 15", iron, 10), line("M100 48V30a15 15 0 1 1 15 15", steel, 6),
		solid("M100 42C140 42 152 72 152 102S140 162 100 162S48 132 48 102S60 42 100 42z", color, shade),
		line("M66 76q-8 26 0 52M134 76q8 26 0 52", shade, 1.6),
		solid(circle(100, 102, 27), "#d2a64b", "#7c5a1a"), line(circle(100, 102, 18), "#7c5a1a", 1.6),
		solid(circle(100, 102, 8), steel, iron),
	)
}

func drawShackle(color, shade string) Picture {
	bow := "M66 142V86a34 38 0 1 1 68 0V142"
	return stack(
		line(bow, shade, 25), line(bow, color, 20), line("M61 136V84a39 43 0 0 1 22-36", cream, 2.5),
		solid(circle(66, 148, 17), color, shade), solid(circle(134, 148, 17), color, shade),
		solid("M40 141h118v14h-118z", steel, iron), solid("M152 134h18q6 14 0 28h-18z", steel, iron),
		solid(circle(36, 148, 11), color, shade),
	)
}

func drawCleat(color, shade string) Picture {
	return stack(
		solid("M60 138h80q14 0 18 16h-116q4-16 18-16z", color, shade),
		solid("M76 96h14v44h-18zM110 96h14l4 44h-18z", color, shade),
		solid("M14 82Q18 72 30 74Q64 84 100 84T170 74Q182 72 186 82Q188 92 176 94Q140 104 100 104T24 94Q12 92 14 82z", color, shade),
		line("M28 81Q64 91 100 91T172 81", cream, 2.5),
		solid(circle(58, 147, 4), shade, shade), solid(circle(142, 147, 4), shade, shade),
	)
}

func drawFist(color, shade string) Picture {
	const x, y, r = 100.0, 116.0, 60.0
	ball := stack(rope("M100 60C100 30 122 24 114 2", color, shade, 13), solid(circle(x, y, r), shade, shade))
	for _, d := range []float64{-48, -32, 48, 32, -16, 16, 0} { // from pole to pole
		ball = stack(ball, rope(fmt.Sprintf("M%.0f %.0fQ%.0f %.0f %.0f %.0f", x, y-r+3, x+2*d, y, x, y+r-7), color, shade, 13))
	}
	for _, d := range []float64{-16, 16, 0} { // and around the middle
		half := math.Sqrt(r*r - (math.Abs(d)+6)*(math.Abs(d)+6))
		ball = stack(ball, rope(fmt.Sprintf("M%.1f %.1fQ%.0f %.1f %.1f %.1f", x-half, y+d, x, y+1.6*d, x+half, y+d), color, shade, 13))
	}
	return stack(ball, line(circle(x, y, r), shade, 3))
}

func drawBell(color, shade string) Picture {
	return stack(
		line(circle(100, 30, 13), shade, 9), line(circle(100, 30, 13), color, 5),
		rope("M100 150V194", "#ead9b0", "#a08658", 8),
		solid(circle(100, 154, 13), iron, "#2b343b"),
		solid("M100 42C132 42 136 70 139 98C141 122 148 132 164 142Q168 152 160 154H40Q32 152 36 142C52 132 59 122 61 98C64 70 68 42 100 42z", color, shade),
		line("M57 124Q100 134 143 124M60 112Q100 121 140 112", shade, 2),
		line("M76 62Q70 84 69 104", cream, 4),
	)
}

func drawLantern(color, shade string) Picture {
	return stack(
		line("M60 78C50 20 150 20 140 78", shade, 4),
		line("M58 160V64M142 160V64", shade, 9), line("M58 160V64M142 160V64", color, 5),
		solid("M78 76Q66 112 80 142H120Q134 112 122 76z", "#ffe9ad", shade),
		solid("M100 98Q118 120 106 138H94Q82 120 100 98z", "#f08a24", "#f6b94f"),
		solid("M80 56h40l8 20h-56zM88 44h24v12h-24z", color, shade),
		line("M76 100H124M78 122H122", shade, 2),
		solid("M74 140h52l6 12h-64z", color, shade),
		solid("M46 152h108q8 20 2 32h-112q-6-12 2-32z", color, shade),
		line("M56 162H140", cream, 2.5),
	)
}
