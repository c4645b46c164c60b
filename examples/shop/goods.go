package main

// This file is what a new shop starts with. Nothing reads it after the first run.

type seedReview struct {
	author  string
	stars   int
	written string
	words   string
}

// seedUsers are the accounts of the demonstration; the login page shows the first.
var seedUsers = []struct{ name, email, password string }{
	{"Ada", "ada@example.com", "bowline"},
	{"Grace", "grace@example.com", "sheepshank"},
}

// seedOrders are baskets of product ids that others have bought.
var seedOrders = [][]int{
	{1, 5, 7}, {1, 7, 10}, {1, 2, 5}, {1, 7, 9}, {2, 5, 12}, {2, 10, 5}, {2, 8},
	{3, 9, 8}, {3, 9}, {3, 4, 9}, {3, 8, 7}, {4, 8, 7}, {4, 11}, {4, 6, 8},
	{5, 6}, {5, 10, 1}, {6, 5, 4}, {6, 5, 12}, {7, 8, 3}, {7, 9, 1},
	{8, 9, 3}, {9, 11, 12}, {10, 12, 2}, {11, 12, 9}, {11, 12}, {12, 10, 6},
}

// seedProducts are numbered from 1, in this order.
var seedProducts = []struct {
	name, tagline, description string
	cents                      int
	shape, color, shade        string
	reviews                    []seedReview
}{
	{
		name: "Manila rope", tagline: "Three strands, 12 mm, 30 m",
		description: "Laid from long abacá fibre on a walk of three hundred metres, so that no strand is joined on the way. It grips the hand, holds a knot, and tells you honestly when it is worn.",
		cents:       4850, shape: "coil", color: "#d3a764", shade: "#8a6431",
		reviews: []seedReview{
			{"Marit", 5, "2026-03-02", "Smells like a harbour. We rigged the whole barn swing with one coil and have enough left for the next one."},
			{"Tomás", 4, "2026-01-18", "Stiff for the first week, then a joy. One star off for the fibres in my jumper."},
			{"Ines", 5, "2025-11-09", "Spliced an eye in it with the book open beside me and it came out straight at the first try."},
		},
	},
	{
		name: "Tarred hemp line", tagline: "Four strands, 8 mm, 25 m",
		description: "Hemp drawn through warm Stockholm tar, then left to hang for a month. For serving, lashing and anything that lives in the rain.",
		cents:       3990, shape: "coil", color: "#6f5138", shade: "#3a291b",
		reviews: []seedReview{
			{"Old Nils", 5, "2026-02-11", "As it was when I was a boy. My wife asks me to keep it in the shed."},
			{"Priya", 4, "2025-10-30", "Lovely to lash with. Let it air before you bring it indoors."},
		},
	},
	{
		name: "Braided dock line", tagline: "Eight plait, 14 mm, 10 m, eye spliced",
		description: "A soft eight-plait that lies flat and never kinks. The eye is spliced by hand and whipped twice, because a dock line fails at the eye.",
		cents:       3275, shape: "hank", color: "#2f567f", shade: "#16304c",
		reviews: []seedReview{
			{"Johanna", 5, "2026-04-06", "Two winters on the same mooring and not a chafed yarn."},
			{"Bart", 5, "2025-12-21", "Throws well with cold hands, which is all I ask."},
			{"Chidi", 3, "2025-09-14", "Good line. The colour is darker than in the picture."},
		},
	},
	{
		name: "Signal halyard", tagline: "Braided, 5 mm, 40 m",
		description: "A light, lively line for flags and pennants, red as a channel buoy so that you find the right one in the dark.",
		cents:       1890, shape: "hank", color: "#c2493d", shade: "#7b231c",
		reviews: []seedReview{
			{"Saoirse", 5, "2026-02-27", "Runs through the smallest sheave without a sound."},
			{"Emil", 4, "2025-08-03", "Strong, light, red. What more is there to say about string."},
		},
	},
	{
		name: "Whipping twine", tagline: "Waxed flax, 0.8 mm, 90 m",
		description: "Waxed twice so that the turns stay where you lay them. One spool finishes about sixty rope ends.",
		cents:       680, shape: "spool", color: "#ead9b0", shade: "#b29a62",
		reviews: []seedReview{
			{"Wanda", 5, "2026-01-05", "The wax makes all the difference. I also mend boots with it."},
			{"Kofi", 5, "2025-07-19", "Third spool. I do not know where the first two went, but every rope end I own is whipped."},
			{"Lea", 4, "2025-06-02", "Good twine. Would buy a darker one too."},
		},
	},
	{
		name: "Sailmaker's thread", tagline: "Polyester, bonded, 120 m",
		description: "Fine enough for a machine, strong enough for a palm and needle. It does not mind salt, sun, or being pulled out and sewn again.",
		cents:       940, shape: "spool", color: "#3f8f9b", shade: "#1f545d",
		reviews: []seedReview{
			{"Yusuf", 5, "2026-03-21", "Resewed a whole leech underway. The thread outlasted my thumb."},
			{"Freya", 4, "2025-11-28", "Strong and slippery. Tie off twice."},
		},
	},
	{
		name: "Ash block", tagline: "Single sheave, for line up to 14 mm",
		description: "A turned ash shell, oiled, around a bronze sheave on a steel pin. Give it a drop of oil each spring and it will outlive the mast.",
		cents:       6450, shape: "block", color: "#c48d54", shade: "#70471f",
		reviews: []seedReview{
			{"Marit", 5, "2026-03-04", "Silent. I keep one on my desk to spin."},
			{"Dieter", 4, "2025-10-12", "Beautiful work. Heavier than a plastic one, which I suppose is the point."},
			{"Amara", 5, "2025-05-17", "Bought one, then five."},
		},
	},
	{
		name: "Bronze shackle", tagline: "Captive pin, 10 mm",
		description: "Cast in sand, one at a time, with a pin that cannot be dropped overboard. It goes green in a month and stays that way for a century.",
		cents:       2120, shape: "shackle", color: "#b98a3e", shade: "#6d4c18",
		reviews: []seedReview{
			{"Ravi", 5, "2026-02-02", "The captive pin alone is worth it. Ask my old pins. They are in the fjord."},
			{"Hannah", 4, "2025-12-01", "A touch of flash on the casting, gone after a minute with a file."},
		},
	},
	{
		name: "Horn cleat", tagline: "Brass, 150 mm, two screws",
		description: "Long horns, an open base and no sharp corner anywhere. Also the best coat hook we know.",
		cents:       1760, shape: "cleat", color: "#d2a64b", shade: "#7c5a1a",
		reviews: []seedReview{
			{"Sofia", 5, "2026-04-15", "Four of them hold our coats, one holds the boat."},
			{"Piet", 4, "2025-09-29", "Fine brass. Bring your own screws."},
			{"Mei", 5, "2025-08-22", "A line comes off it exactly when you want and not before."},
		},
	},
	{
		name: "Monkey's fist", tagline: "Cotton, a wooden heart, 75 mm",
		description: "Three turns three ways around a ball of beech. It was made to throw a line ashore, and spends most of its life holding doors open.",
		cents:       2300, shape: "fist", color: "#e4d3b4", shade: "#a08658",
		reviews: []seedReview{
			{"Tomás", 5, "2026-01-26", "The door stays open and the cat stays interested."},
			{"Ingrid", 5, "2025-12-13", "Perfectly round. I have tried to tie one for years and now I know that I cannot."},
		},
	},
	{
		name: "Ship's bell", tagline: "Brass, 160 mm, with a plaited lanyard",
		description: "Poured in one piece and tuned to a clear A. Eight bells carry half a mile over water and rather further through a house.",
		cents:       11900, shape: "bell", color: "#dcae4d", shade: "#83601c",
		reviews: []seedReview{
			{"Grace", 5, "2026-03-30", "Dinner has never been so punctual."},
			{"Oskar", 3, "2025-11-17", "A splendid sound. My neighbours would give it fewer stars."},
			{"Leila", 5, "2025-07-07", "Rings for a full minute if you let it."},
		},
	},
	{
		name: "Storm lantern", tagline: "Tin and glass, burns twenty hours",
		description: "A flat-wick lantern that stays lit in a gale, because the draught that would blow it out is led through the frame and feeds it instead.",
		cents:       5400, shape: "lantern", color: "#3d6b5a", shade: "#1d3a30",
		reviews: []seedReview{
			{"Ada", 5, "2026-02-19", "Carried it round the point in a full gale. It did not so much as blink."},
			{"Mikkel", 4, "2025-10-04", "Warm light, easy to trim. The handle gets hot, so leave it hanging."},
			{"Zofia", 5, "2025-06-25", "We have electric light too. We just do not use it any more."},
		},
	},
}
